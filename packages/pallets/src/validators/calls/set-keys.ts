import { AccountId, defineCall, ensureRoot, weightOf } from '@hamster/frame';

import { ensureFreshKeys, validatorAt } from '../access.ts';
import { events } from '../events.ts';
import { ValidatorInfo } from '../storage.ts';
import { MAX_VALIDATORS, SessionKeys } from '../types.ts';

export const setKeys = defineCall({
  index: 2,
  docs: ['Change the keys that a validator signs with. Root only.'],
  args: { validator: AccountId, keys: SessionKeys },
  class: 'Operational',
  weight: () => weightOf(300 + 15 * MAX_VALIDATORS, 4 + MAX_VALIDATORS),
  dispatch(ctx, origin, { validator, keys }) {
    ensureRoot(origin);
    const found = validatorAt(ctx, validator);
    ensureFreshKeys(ctx, validator, keys);
    ValidatorInfo.put(ctx, validator, { ...found, keys });
    ctx.deposit(events.KeysSet({ validator, keys }));
  },
});
