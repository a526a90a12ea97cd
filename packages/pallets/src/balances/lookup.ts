import { type AccountId, cannotLookup, type MultiAddress } from '@hamster/frame';

/** The account behind an address. @throws DispatchFailure CannotLookup for all forms but `Id` */
export const lookup = (address: MultiAddress): AccountId => {
  if (address.type !== 'Id') throw cannotLookup();
  return address.value;
};
