export { timestampPallet } from './pallet.ts';
export type { TimestampConfig } from './config.ts';
export { DidUpdate, Now, Standstills } from './storage.ts';
