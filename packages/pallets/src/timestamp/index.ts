export { timestampPallet } from './pallet.ts';
export type { TimestampConfig } from './pallet.ts';
export { DidUpdate, Now } from './storage.ts';
