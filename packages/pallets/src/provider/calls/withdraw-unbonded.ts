import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';

import { putLedger } from '../access.ts';
import type { ProviderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { dueStake, withdrawDue } from '../rules/ledger.ts';
import { Stakes } from '../storage.ts';

export const withdrawUnbonded = ({ currency }: ProviderConfig) =>
  defineCall({
    index: 2,
    docs: [
      'Get back the stake that has unbonded. What running leases still need of it stays until they end.',
    ],
    args: {},
    weight: () => weightOf(900, 8),
    dispatch(ctx, origin) {
      const who = ensureSigned(origin);
      const ledger = Stakes.get(ctx, who);
      ensure(dueStake(ledger, ctx.now) > 0n, errors.NothingToWithdraw);
      const { ledger: next, amount } = withdrawDue(ledger, ctx.now);
      ensure(amount > 0n, errors.StakeLocked);
      currency.release(ctx, 'ProviderStake', who, amount);
      putLedger(ctx, who, next);
      ctx.deposit(events.Withdrawn({ who, amount }));
    },
  });
