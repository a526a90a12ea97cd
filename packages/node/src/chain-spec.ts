import type { GenesisConfig } from '@hamster/frame';

export type ChainType = 'Development' | 'Local' | 'Live';

export interface ChainProperties {
  readonly ss58Format: number;
  readonly tokenDecimals: number;
  readonly tokenSymbol: string;
}

/** What makes a chain this chain. Two nodes with the same spec compute the same genesis hash. */
export interface ChainSpec {
  /** For people: "Hamster Development". */
  readonly name: string;
  /** For machines: "hamster-dev"; also names the folder of its data. */
  readonly id: string;
  readonly chainType: ChainType;
  readonly properties: ChainProperties;
  /** Handed to `Runtime.genesis` as it is. */
  readonly genesis: GenesisConfig;
  /** The first state itself, hex key to hex value, as a raw spec has it: takes the place of `genesis`. */
  readonly rawGenesis?: Readonly<Record<string, string>>;
  /** Multiaddresses, each with its peer id, at which the network is found. */
  readonly bootNodes?: readonly string[];
  /** Part of the names of network protocols; null for those of the genesis hash alone. */
  readonly protocolId?: string | null;
}
