export type { TransactionPaymentConfig } from './config.ts';
export { feeSchedule } from './fees.ts';
export type { FeeSchedule } from './fees.ts';
export { OPERATIONAL_FEE_MULTIPLIER, transactionPaymentPallet } from './pallet.ts';
export { ensureCanPrepay, prepay, settle } from './payment.ts';
export type { Bill, Prepayment } from './payment.ts';
export { FeeDetails, RuntimeDispatchInfo } from './types.ts';
