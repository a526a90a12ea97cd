import { constant, definePallet, palletStorage } from '@hamster/frame';
import { u8 } from '@hamster/scale';
import { events } from './events.ts';
import { FixedU128, Releases } from './types.ts';

const { value } = palletStorage('TransactionPayment');

const ONE = 10n ** 18n;

/** An operational transaction comes as early as one that tips so many times what it pays. */
export const OPERATIONAL_FEE_MULTIPLIER = 5;

const NextFeeMultiplier = value('NextFeeMultiplier', {
  type: FixedU128,
  default: ONE,
  docs: ['What the fee of the weight is multiplied by. Fees do not follow the load yet: it is always one.'],
});

const StorageVersion = value('StorageVersion', {
  type: Releases,
  default: { type: 'V2' },
  docs: ['The form of this storage, for clients that know several.'],
});

export const transactionPaymentPallet = () =>
  definePallet({
    name: 'TransactionPayment',
    index: 3,
    docs: ['Fees and tips.'],
    storage: [NextFeeMultiplier, StorageVersion],
    events,
    constants: {
      OperationalFeeMultiplier: constant(
        u8,
        OPERATIONAL_FEE_MULTIPLIER,
        'A fee multiplier for `Operational` extrinsics: they come as early as with a tip of so many times what they pay.',
      ),
    },
  });
