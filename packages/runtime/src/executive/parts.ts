import type { Composition, ReportedFault, RuntimeVersion } from '@hamster/frame';
import type { FeeSchedule, TransactionPaymentConfig } from '@hamster/pallets';

export type CodeEntries = Iterable<readonly [key: Uint8Array, value: Uint8Array]>;

/** What the executive works with: one plain object, made by the composition root. */
export interface ExecutiveParts {
  readonly composition: Composition;
  readonly version: RuntimeVersion;
  readonly payment: TransactionPaymentConfig;
  readonly fees: FeeSchedule;
  /** Entries of the state that tell others about these rules. */
  readonly code: () => CodeEntries;
  readonly report: (fault: ReportedFault) => void;
}
