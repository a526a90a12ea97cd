import type { Capacity, MachineSpec, Prices, Virtualization } from '../model/primitives.ts';

/** A machine to put into the market. Times are ms since 1970. */
export interface NewResource {
  readonly peerId: string;
  readonly capacity: MachineSpec;
  readonly prices: Prices;
  readonly availableUntil: number;
  readonly images: readonly string[];
  readonly virtualization: Virtualization;
  readonly cpuModel: string;
  readonly region: string;
}

/** A slice to rent. */
export interface NewOrder {
  readonly resource: number;
  readonly spec: MachineSpec;
  readonly hours: number;
  readonly image: string;
  /** One line as in `authorized_keys`. */
  readonly sshPublicKey: string;
  /** Planck: a higher price at the moment of the order makes it fail. */
  readonly maxPricePerHour: bigint;
}

/** What a provider says of one machine. */
export interface Report {
  readonly lease: number;
  readonly cpuCores: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly running: boolean;
}

/** A gateway to register. */
export interface NewGateway {
  readonly peerId: string;
  readonly multiaddrs: readonly string[];
  readonly region: string;
  readonly stake: bigint;
}

const encoder = new TextEncoder();

/**
 * Text as the bytes of a `Vec<u8>`. Plain strings would not do: @polkadot/api takes "0x…" in them for hex.
 */
export function bytes(text: string): number[] {
  return [...encoder.encode(text)];
}

/** GPUs are reserved: always none. */
export function withoutGpus(capacity: MachineSpec): Capacity {
  return { ...capacity, gpus: 0 };
}
