import type { BlockRef } from '@hamster/chain-client';
import type { MachineSpec } from '@hamster/machines';
import type { BlockSource } from '../chain-mark.ts';

/** An order that waits for this provider's answer. */
export interface PendingOrder {
  readonly id: bigint;
  readonly spec: MachineSpec;
  readonly image: string;
  readonly sshPublicKey: string;
}

/** A lease that this provider has to serve now, suspended and disputed ones included. */
export interface LiveLease extends PendingOrder {
  /** SS58 address of the one who may log in. */
  readonly renter: string;
  readonly disputed: boolean;
  /** When the chain took the last report of it, or it began: ms since 1970, the chain's time. */
  readonly lastHeartbeat: number;
}

/** All that the chain wants of this provider now. */
export interface Work {
  /** The chain's own time, ms since 1970: it never goes back on one chain. */
  readonly chainTime: number;
  /** The number of the newest block, which may yet be replaced. */
  readonly best: number;
  /** The last block that stays. */
  readonly final: BlockRef;
  readonly pending: readonly PendingOrder[];
  readonly live: readonly LiveLease[];
  /** The operator wants no further leases; the ones that there are go on. */
  readonly draining: boolean;
}

/** What a machine really has, as the chain wants to hear it. */
export interface LeaseReport extends MachineSpec {
  readonly lease: bigint;
  readonly running: boolean;
}

/** The provider's side of the chain. Every call waits for its outcome and throws if it failed. */
export interface MarketChain extends BlockSource {
  work(signal: AbortSignal): Promise<Work>;
  accept(order: bigint, sshHostKey: string, signal: AbortSignal): Promise<void>;
  reject(order: bigint, reason: string, signal: AbortSignal): Promise<void>;
  /** Where something of this account is stuck at the node, in its place. */
  heartbeat(reports: readonly LeaseReport[], signal: AbortSignal): Promise<void>;
}
