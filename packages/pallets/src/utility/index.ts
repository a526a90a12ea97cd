export type { UtilityConfig } from './config.ts';
export { errors as utilityErrors } from './errors.ts';
export { utilityPallet } from './pallet.ts';
