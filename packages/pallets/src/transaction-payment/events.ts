import { AccountId, defineEvents } from '@hamster/frame';
import { at, u128 } from '@hamster/scale';

export const events = defineEvents('TransactionPayment', {
  TransactionFeePaid: at(0, { who: AccountId, actual_fee: u128, tip: u128 }, [
    'A transaction fee `actual_fee`, of which `tip` was added to the minimum inclusion fee, has been paid by `who`.',
  ]),
});
