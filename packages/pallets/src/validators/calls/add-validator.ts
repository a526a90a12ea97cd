import { AccountId, defineCall, ensure, ensureRoot, weightOf } from '@hamster/frame';

import { ensureFreshKeys, putValidator } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { ValidatorInfo, Validators } from '../storage.ts';
import { MAX_VALIDATORS, SessionKeys } from '../types.ts';

export const addValidator = defineCall({
  index: 0,
  docs: [
    'Make somebody a validator, and a member of the panels of disputes that are opened from now on. Root only.',
  ],
  args: { validator: AccountId, keys: SessionKeys },
  class: 'Operational',
  weight: () => weightOf(300 + 15 * MAX_VALIDATORS, 4 + MAX_VALIDATORS),
  dispatch(ctx, origin, { validator, keys }) {
    ensureRoot(origin);
    ensure(!ValidatorInfo.has(ctx, validator), errors.AlreadyValidator);
    ensure(Validators.get(ctx).length < MAX_VALIDATORS, errors.TooManyValidators);
    ensureFreshKeys(ctx, validator, keys);
    putValidator(ctx, validator, keys);
    ctx.deposit(events.ValidatorAdded({ validator, keys }));
  },
});
