export type { SudoConfig } from './config.ts';
export { errors as sudoErrors } from './errors.ts';
export { sudoPallet } from './pallet.ts';
