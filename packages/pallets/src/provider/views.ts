import { defineView, minOf, U128_MAX } from '@hamster/frame';
import { u128 } from '@hamster/scale';

import { Capacity } from '../primitives/machine.ts';
import { minListingStake } from './rules/listing.ts';
import { Parameters } from './storage.ts';

export const viewFunctions = {
  listing_stake: defineView({
    docs: ['The active stake, in planck, that a provider needs so that a machine of this capacity is shown.'],
    inputs: { capacity: Capacity },
    output: u128,
    // The parameters are bounded by u128 and the capacity by u32: a sum beyond u128 is a stake that nobody has.
    read: (ctx, { capacity }) => minOf(minListingStake(capacity, Parameters.get(ctx)), U128_MAX),
  }),
};
