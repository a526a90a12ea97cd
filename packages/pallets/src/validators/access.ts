import { type AccountId, bytesEqual, type Context, ensure, orFail } from '@hamster/frame';

import { errors } from './errors.ts';
import { ValidatorInfo, Validators } from './storage.ts';
import type { SessionKeys, Validator } from './types.ts';

/** @throws DispatchFailure NotValidator */
export const validatorAt = (ctx: Context, who: AccountId): Validator =>
  orFail(ValidatorInfo.get(ctx, who), errors.NotValidator);

/** Two validators with one key would be one validator twice. @throws DispatchFailure KeysInUse */
export const ensureFreshKeys = (ctx: Context, who: AccountId, keys: SessionKeys): void => {
  for (const other of Validators.get(ctx)) {
    if (bytesEqual(other, who)) continue;
    const known = validatorAt(ctx, other).keys;
    const isShared = bytesEqual(known.aura, keys.aura) || bytesEqual(known.grandpa, keys.grandpa);
    ensure(!isShared, errors.KeysInUse);
  }
};

export const putValidator = (ctx: Context, who: AccountId, keys: SessionKeys): void => {
  ValidatorInfo.put(ctx, who, { keys, added_at: ctx.now, votes: 0, missed_votes: 0 });
  Validators.update(ctx, (known) => [...known, who]);
};
