import { AccountId, bytesEqual, defineCall, ensure, ensureRoot, weightOf } from '@hamster/frame';

import { validatorAt } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { ValidatorInfo, Validators } from '../storage.ts';

export const removeValidator = defineCall({
  index: 1,
  docs: [
    'Remove a validator; not the last one. It stays on the panels of open disputes, and may claim what it has earned.',
    'Root only.',
  ],
  args: { validator: AccountId },
  class: 'Operational',
  weight: () => weightOf(300, 8),
  dispatch(ctx, origin, { validator }) {
    ensureRoot(origin);
    validatorAt(ctx, validator);
    const rest = Validators.get(ctx).filter((who) => !bytesEqual(who, validator));
    ensure(rest.length > 0, errors.LastValidator);
    Validators.put(ctx, rest);
    ValidatorInfo.remove(ctx, validator);
    ctx.deposit(events.ValidatorRemoved({ validator }));
  },
});
