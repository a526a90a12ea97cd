import type { GenesisConfig } from '@hamster/frame';

export type ChainType = 'Development' | 'Local' | 'Live';

export interface ChainProperties {
  readonly ss58Format: number;
  readonly tokenDecimals: number;
  readonly tokenSymbol: string;
}

/** What a chain spec says besides the first state. */
export interface ChainOutline {
  /** For people: "Hamster Development". */
  readonly name: string;
  /** For machines: "hamster-dev"; also names the folder of its data. */
  readonly id: string;
  readonly chainType: ChainType;
  readonly properties: ChainProperties;
  /** Multiaddresses, each with its peer id, at which the network is found. */
  readonly bootNodes?: readonly string[];
  /** Part of the names of network protocols; null for those of the genesis hash alone. */
  readonly protocolId?: string | null;
}

/** What makes a chain this chain. Two nodes with the same spec compute the same genesis hash. */
export interface ChainSpec extends ChainOutline {
  /** Handed to `Runtime.genesis` as it is. */
  readonly genesis: GenesisConfig;
  /** The first state itself, hex key to hex value, as a raw spec has it: takes the place of `genesis`. */
  readonly rawGenesis?: Readonly<Record<string, string>>;
}

/** A spec that was read before: its first state, which may be very large, is read again only by a node that has to make it. */
export interface RecognisedSpec extends ChainOutline {
  /** `Node.genesisSource` of a node that was started with it. */
  readonly genesisSource: string;
  readonly read: () => Promise<ChainSpec>;
}
