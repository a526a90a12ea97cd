import type { PalletEvent } from './events.ts';
import type { StateAccess } from './state.ts';

/** A bug that the rules survived: what threw, and where. For the node's log. */
export interface ReportedFault {
  readonly where: string;
  readonly error: unknown;
}

/** All that a rule may know and touch. */
export interface Context {
  readonly state: StateAccess;
  /** The block's timestamp in milliseconds. */
  readonly now: bigint;
  readonly blockNumber: number;
  deposit(event: PalletEvent): void;
  report(fault: ReportedFault): void;
}
