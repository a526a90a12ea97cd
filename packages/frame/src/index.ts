export type * from './runtime.ts';
export type { StateAccess, StateReader } from './state.ts';
export { invalid, InvalidTransaction, UnknownRuntimeApi } from './validity.ts';
export type { InvalidTransactionKind, TransactionFault, UnknownTransactionKind } from './validity.ts';
