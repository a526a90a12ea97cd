export { agenda, TaskKey } from './agenda.ts';
export type { Agenda, DueWork } from './agenda.ts';
export {
  checkedAdd,
  checkedMul,
  checkedSub,
  divideUp,
  maxOf,
  minOf,
  portion,
  U128_MAX,
  U64_MAX,
} from './arithmetic.ts';
export { bytesEqual, concatBytes, startsWith } from './bytes.ts';
export { DEFAULT_CALL_WEIGHT, defineCall } from './call.ts';
export type { CallCost, CallDefinition, PostDispatch } from './call.ts';
export { compose } from './compose.ts';
export type { Composition, CompositionOptions, Outer } from './compose.ts';
export type { Context, ReportedFault } from './context.ts';
export type { Currency } from './currency.ts';
export type { DispatchResult } from './dispatcher.ts';
export { defineErrors } from './errors.ts';
export type { ErrorSet } from './errors.ts';
export { drainEvents, EventCount, eventRecord, ExecutionPhase, Phase } from './event-log.ts';
export { defineEvents } from './events.ts';
export type { EventSet, PalletEvent } from './events.ts';
export {
  arithmeticFailure,
  badOrigin,
  cannotLookup,
  costing,
  DispatchFailure,
  ensure,
  orFail,
  passes,
  tokenFailure,
} from './failure.ts';
export type { FailureFactory, Fault } from './failure.ts';
export { distinctKeys, GenesisError, GenesisReader } from './genesis.ts';
export { isolated } from './isolated.ts';
export type { Isolated } from './isolated.ts';
export { inOneGo } from './steps.ts';
export { MemoryState } from './memory-state.ts';
export { eachKey, isPending, writeStorageVersions } from './migration.ts';
export type { Migration, MigrationStep, PalletMigration } from './migration.ts';
export { camelCase } from './names.ts';
export { NoteLog } from './note-log.ts';
export type { Notes } from './note-log.ts';
export { ensureNone, ensureRoot, ensureSigned, filtered, NONE, ROOT, signedBy } from './origin.ts';
export type { Origin } from './origin.ts';
export type { RuntimeCall, RuntimeEvent } from './outer.ts';
export { constant, definePallet, ensureInvariant, InvariantBroken } from './pallet.ts';
export type { PalletConstant, PalletDefinition, PalletHooks } from './pallet.ts';
export type * from './runtime.ts';
export type { Codec, StateAccess, StateReader, StoredValue } from './state.ts';
export { StorageVersion, storageVersionKey } from './storage-version.ts';
export * from './storage/index.ts';
export * from './types/index.ts';
export { invalid, InvalidTransaction, UnknownRuntimeApi } from './validity.ts';
export type { InvalidTransactionKind, TransactionFault, UnknownTransactionKind } from './validity.ts';
export { defineView, viewFunctionsOf } from './view-function.ts';
export type { ViewFunction } from './view-function.ts';
export { WeightMeter } from './weight-meter.ts';
export { metadataBuilder } from './metadata/build.ts';
export type { MetadataSource, MetadataVersion } from './metadata/build.ts';
export type {
  ApiDefinition,
  ApiMethodDefinition,
  ExtensionDefinition,
  ExtrinsicDefinition,
} from './metadata/definition.ts';
