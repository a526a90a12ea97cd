import { type Context, ensureInvariant } from '@hamster/frame';

import type { ValidatorsConfig } from './config.ts';
import { Committed, Rewards, ValidatorInfo, Validators } from './storage.ts';
import { MAX_VALIDATORS } from './types.ts';

/** The list and the entries have the same validators, with keys of their own; what they have earned is in the pot. */
export const tryState =
  ({ currency, pot }: ValidatorsConfig) =>
  (ctx: Context): void => {
    const validators = Validators.get(ctx);
    const infos = [...ValidatorInfo.entries(ctx)].map(([, info]) => info);
    const isListed = validators.every((who) => ValidatorInfo.has(ctx, who));
    const isEven = isListed && infos.length === validators.length && infos.length <= MAX_VALIDATORS;
    ensureInvariant(isEven, `${validators.length} validators are listed, ${infos.length} have an entry`);
    for (const key of ['aura', 'grandpa'] as const) {
      const distinct = new Set(infos.map(({ keys }) => keys[key].join()));
      ensureInvariant(distinct.size === infos.length, `two validators have the same ${key} key`);
    }
    const committed = Committed.get(ctx);
    const owed = [...Rewards.entries(ctx)].reduce((sum, [, amount]) => sum + amount, 0n);
    ensureInvariant(owed === committed, `${committed} is committed to rewards, but entries have ${owed}`);
    ensureInvariant(
      currency.spendable(ctx, pot) >= committed,
      `the pot has not the ${committed} that it owes`,
    );
  };
