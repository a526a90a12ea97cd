import { AccountId, defineEvents } from '@hamster/frame';
import { documented, u128, u32 } from '@hamster/scale';

import { SessionKeys } from './types.ts';

export const events = defineEvents('Validators', {
  ValidatorAdded: documented('Root made somebody a validator.', { validator: AccountId, keys: SessionKeys }),
  ValidatorRemoved: documented('Root removed a validator; what it has earned stays its own.', {
    validator: AccountId,
  }),
  KeysSet: documented('A validator signs with other keys.', { validator: AccountId, keys: SessionKeys }),
  EraEnded: documented('So many validators got `share` each of what was in the pot.', {
    era: u32,
    validators: u32,
    share: u128,
  }),
  RewardsClaimed: documented('A validator got what it had earned.', { validator: AccountId, amount: u128 }),
  ParametersSet: documented('Root changed the parameters.', null),
});
