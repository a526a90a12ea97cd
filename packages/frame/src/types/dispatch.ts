import { fixedBytes, type Infer, struct, u8, variant } from '@hamster/scale';
import { Weight } from './weight.ts';

export const DispatchClass = variant('frame_support::dispatch::DispatchClass', {
  Normal: null,
  Operational: null,
  Mandatory: null,
});
export type DispatchClass = Infer<typeof DispatchClass>['type'];

export const Pays = variant('frame_support::dispatch::Pays', { Yes: null, No: null });

/** What events say about the cost of a dispatch. */
export const DispatchEventInfo = struct('frame_system::DispatchEventInfo', {
  weight: Weight,
  class: DispatchClass,
  pays_fee: Pays,
});
export type DispatchEventInfo = Infer<typeof DispatchEventInfo>;

export const ModuleError = struct('sp_runtime::ModuleError', { index: u8, error: fixedBytes(4) });

export const TokenError = variant('sp_runtime::TokenError', {
  FundsUnavailable: null,
  OnlyProvider: null,
  BelowMinimum: null,
  CannotCreate: null,
  UnknownAsset: null,
  Frozen: null,
  Unsupported: null,
  CannotCreateHold: null,
  NotExpendable: null,
  Blocked: null,
});
export type TokenErrorName = Infer<typeof TokenError>['type'];

export const ArithmeticError = variant('sp_arithmetic::ArithmeticError', {
  Underflow: null,
  Overflow: null,
  DivisionByZero: null,
});
export type ArithmeticErrorName = Infer<typeof ArithmeticError>['type'];

const TransactionalError = variant('sp_runtime::TransactionalError', { LimitReached: null, NoLayer: null });

export const DispatchError = variant('sp_runtime::DispatchError', {
  Other: null,
  CannotLookup: null,
  BadOrigin: null,
  Module: ModuleError,
  ConsumerRemaining: null,
  NoProviders: null,
  TooManyConsumers: null,
  Token: TokenError,
  Arithmetic: ArithmeticError,
  Transactional: TransactionalError,
  Exhausted: null,
  Corruption: null,
  Unavailable: null,
  RootNotAllowed: null,
});
export type DispatchError = Infer<typeof DispatchError>;
