import { type AccountId, type Context, maxOf, portion } from '@hamster/frame';

import { eraAfter } from '../primitives/era.ts';
import { silenceOf } from './access.ts';
import type { GatewayConfig } from './config.ts';
import { events } from './events.ts';
import { Agenda, Committed, Era, EraPoints, EraRewards, OldestEra, Parameters } from './storage.ts';
import type { GatewayInfo } from './types.ts';

/** Eras that a block lets go at most: more than one are due only after the parameter has changed. */
const EXPIRED_PER_BLOCK = 4;

/** Entries of a past era that one task of the agenda removes. */
export const CLEARED_AT_ONCE = 8;

/** A sign of life proves the time since the one before in which the chain made blocks. It counts in the era in which it comes. */
export const creditOnline = (
  ctx: Context,
  clock: Pick<GatewayConfig, 'standstills'>,
  who: AccountId,
  gateway: GatewayInfo,
): void => {
  const proven = silenceOf(ctx, clock, gateway);
  if (proven <= 0n) return;
  const { index } = Era.get(ctx);
  EraPoints.put(ctx, index, who, EraPoints.get(ctx, index, who) + proven);
  EraRewards.update(ctx, index, (reward) => ({ ...reward, points: reward.points + proven }));
};

/** What came into the pot and belongs to no era yet. */
const uncommitted = (ctx: Context, { currency, pot }: GatewayConfig): bigint =>
  maxOf(0n, currency.spendable(ctx, pot) - Committed.get(ctx));

const shareOut = (ctx: Context, config: GatewayConfig, era: number): void => {
  const { points } = EraRewards.get(ctx, era);
  if (points === 0n) return;
  const pot = uncommitted(ctx, config);
  EraRewards.put(ctx, era, { points, pot, unclaimed: pot });
  Committed.update(ctx, (sum) => sum + pot);
  ctx.deposit(events.EraEnded({ era, points, pot }));
};

const expire = (ctx: Context, era: number): void => {
  const { points, unclaimed } = EraRewards.get(ctx, era);
  OldestEra.put(ctx, era + 1);
  if (points === 0n) return;
  EraRewards.remove(ctx, era);
  Committed.update(ctx, (sum) => sum - unclaimed);
  Agenda.schedule(ctx, ctx.now, { type: 'ClearEra', value: era });
  if (unclaimed > 0n) ctx.deposit(events.EraExpired({ era, unclaimed }));
};

export const isEraOver = (ctx: Context): boolean => ctx.now >= Era.get(ctx).ends_at;

/** Ends the era: what is in the pot becomes rewards, and rewards that waited too long go back. */
export const endEra = (ctx: Context, config: GatewayConfig): void => {
  const era = Era.get(ctx);
  const { era: length, claimable_eras: kept } = Parameters.get(ctx);
  const oldest = OldestEra.get(ctx);
  const last = Math.min(oldest + EXPIRED_PER_BLOCK, era.index + 1 - kept);
  for (let past = oldest; past < last; past += 1) expire(ctx, past);
  shareOut(ctx, config, era.index);
  Era.put(ctx, eraAfter(era, ctx.now, length));
};

/** What a gateway has earned in one era that has ended, and not claimed. */
const rewardOf = (ctx: Context, who: AccountId, era: number): bigint => {
  const points = EraPoints.get(ctx, era, who);
  if (points === 0n) return 0n;
  const reward = EraRewards.get(ctx, era);
  return portion(reward.pot, points, reward.points);
};

/** What a gateway could claim now. */
export const earnedRewards = (ctx: Context, who: AccountId): bigint => {
  const { index } = Era.get(ctx);
  let sum = 0n;
  for (let era = OldestEra.get(ctx); era < index; era += 1) sum += rewardOf(ctx, who, era);
  return sum;
};

/** Takes out what a gateway has earned in one era: its entry is gone, so that nothing is paid twice. */
const takeReward = (ctx: Context, who: AccountId, era: number): bigint => {
  if (EraPoints.get(ctx, era, who) === 0n) return 0n;
  const amount = rewardOf(ctx, who, era);
  EraPoints.remove(ctx, era, who);
  EraRewards.update(ctx, era, (reward) => ({ ...reward, unclaimed: reward.unclaimed - amount }));
  return amount;
};

/** Takes out all that a gateway has earned in eras that have ended; they are at most `MAX_CLAIMABLE_ERAS` and one. */
export const takeRewards = (ctx: Context, who: AccountId): bigint => {
  const { index } = Era.get(ctx);
  let sum = 0n;
  for (let era = OldestEra.get(ctx); era < index; era += 1) sum += takeReward(ctx, who, era);
  Committed.update(ctx, (committed) => committed - sum);
  return sum;
};

/** Removes some of what nobody claimed of a past era, and comes back while there is more. */
export const clearEra = (ctx: Context, era: number): void => {
  const found: AccountId[] = [];
  for (const [who] of EraPoints.entriesOf(ctx, era)) if (found.push(who) === CLEARED_AT_ONCE) break;
  for (const who of found) EraPoints.remove(ctx, era, who);
  if (found.length === CLEARED_AT_ONCE) Agenda.schedule(ctx, ctx.now, { type: 'ClearEra', value: era });
};
