import { AccountId, defineEvents } from '@hamster/frame';
import { documented, u128 } from '@hamster/scale';

export const events = defineEvents('Treasury', {
  Spent: documented('Root paid somebody from the treasury.', { beneficiary: AccountId, amount: u128 }),
});
