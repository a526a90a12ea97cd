export { grandpaPallet } from './pallet.ts';
export { grandpaServices } from './services.ts';
export { Authorities, CurrentSetId } from './storage.ts';
export { AuthorityList, GrandpaId } from './types.ts';
