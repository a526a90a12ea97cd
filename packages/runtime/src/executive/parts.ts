import type { Composition, ReportedFault, RuntimeVersion } from '@hamster/frame';
import type { FeeSchedule, TransactionPaymentConfig } from '@hamster/pallets';

/** What the executive works with: one plain object, made by the composition root. */
export interface ExecutiveParts {
  readonly composition: Composition;
  readonly version: RuntimeVersion;
  readonly payment: TransactionPaymentConfig;
  readonly fees: FeeSchedule;
  readonly report: (fault: ReportedFault) => void;
}
