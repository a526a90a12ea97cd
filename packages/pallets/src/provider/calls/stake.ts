import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { compact, u128 } from '@hamster/scale';

import { putLedger } from '../access.ts';
import type { ProviderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { addStake } from '../rules/ledger.ts';
import { Stakes } from '../storage.ts';

export const stake = ({ currency }: ProviderConfig) =>
  defineCall({
    index: 0,
    docs: [
      'Put up stake, or more of it. The money stays on your account, reserved.',
      '',
      'Your machines are shown in the market while your active stake is large enough for each of them. It also secures',
      'your leases: each locks collateral, which a fault costs you.',
    ],
    args: { amount: compact(u128) },
    weight: () => weightOf(120, 8),
    dispatch(ctx, origin, { amount }) {
      const who = ensureSigned(origin);
      ensure(amount > 0n, errors.ZeroAmount);
      ensure(currency.spendable(ctx, who) >= amount, errors.InsufficientBalance);
      currency.hold(ctx, 'ProviderStake', who, amount);
      putLedger(ctx, who, addStake(Stakes.get(ctx, who), amount));
      ctx.deposit(events.Staked({ who, amount }));
    },
  });
