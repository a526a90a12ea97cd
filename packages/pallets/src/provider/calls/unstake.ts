import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { compact, u128 } from '@hamster/scale';

import { putLedger } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { startUnbonding } from '../rules/ledger.ts';
import { Parameters, Stakes } from '../storage.ts';
import { MAX_UNBONDING } from '../types.ts';

export const unstake = defineCall({
  index: 1,
  docs: [
    'Take stake out of service. It unbonds for a while, in which leases are still secured by it, and is then yours to',
    'withdraw. Machines for which the rest is too little disappear from the market; running leases go on.',
  ],
  args: { amount: compact(u128) },
  weight: () => weightOf(120, 8),
  dispatch(ctx, origin, { amount }) {
    const who = ensureSigned(origin);
    const ledger = Stakes.get(ctx, who);
    ensure(amount > 0n, errors.ZeroAmount);
    ensure(amount <= ledger.active, errors.InsufficientStake);
    const unlockAt = ctx.now + Parameters.get(ctx).unbonding;
    const next = startUnbonding(ledger, amount, unlockAt);
    ensure(next.unbonding.length <= MAX_UNBONDING, errors.TooManyUnbonding);
    putLedger(ctx, who, next);
    ctx.deposit(events.Unstaked({ who, amount, unlock_at: unlockAt }));
  },
});
