import { type Context, maxOf } from '@hamster/frame';

import { eraAfter } from '../primitives/era.ts';
import type { ValidatorsConfig } from './config.ts';
import { events } from './events.ts';
import { Committed, Era, Parameters, Rewards, Validators } from './storage.ts';

const shareOut = (ctx: Context, { currency, pot }: ValidatorsConfig, era: number): void => {
  const validators = Validators.get(ctx);
  const uncommitted = maxOf(0n, currency.spendable(ctx, pot) - Committed.get(ctx));
  const share = validators.length > 0 ? uncommitted / BigInt(validators.length) : 0n;
  if (share === 0n) return;
  for (const who of validators) Rewards.update(ctx, who, (earned) => earned + share);
  Committed.update(ctx, (sum) => sum + share * BigInt(validators.length));
  ctx.deposit(events.EraEnded({ era, validators: validators.length, share }));
};

export const isEraOver = (ctx: Context): boolean => ctx.now >= Era.get(ctx).ends_at;

/** Ends the era: what has come into the pot is divided among the validators of this moment. */
export const endEra = (ctx: Context, config: ValidatorsConfig): void => {
  const era = Era.get(ctx);
  shareOut(ctx, config, era.index);
  Era.put(ctx, eraAfter(era, ctx.now, Parameters.get(ctx).era));
};
