import type { AccountId } from '@hamster/frame';

/** Account of a pallet, as Substrate derives it: "modl", the pallet's id, zeros. Nobody has a key to it. */
const palletAccount = (id: string): AccountId => {
  const account = new Uint8Array(32);
  account.set(new TextEncoder().encode(`modl${id}`));
  return account;
};

/** Where fees and slashes go. Genesis gives each the existential deposit, so that they always exist. */
export const POTS = {
  treasury: palletAccount('py/trsry'),
  gateways: palletAccount('hm/gatew'),
  validators: palletAccount('hm/valid'),
};
