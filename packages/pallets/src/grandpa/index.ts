export { grandpaPallet } from './pallet.ts';
export { Authorities, CurrentSetId } from './storage.ts';
export { AuthorityList, GrandpaId } from './types.ts';
