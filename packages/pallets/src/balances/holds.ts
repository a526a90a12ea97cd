import { type AccountId, type Context, ensure, type Readable, tokenFailure } from '@hamster/frame';
import { errors } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { MAX_HOLDS } from './storage.ts';
import type { Hold } from './types.ts';

const fundsUnavailable = () => tokenFailure('FundsUnavailable');

export const heldUnder = (at: Readable, ledger: Ledger, reason: string, who: AccountId): bigint =>
  ledger.holds.get(at, who).find(({ id }) => id === reason)?.amount ?? 0n;

/** The list with the reason's amount set; a reason without money has no entry. */
const withAmount = (holds: readonly Hold[], reason: string, amount: bigint): readonly Hold[] => {
  if (amount === 0n) return holds.filter(({ id }) => id !== reason);
  const known = holds.some(({ id }) => id === reason);
  if (!known) return [...holds, { id: reason, amount }];
  return holds.map((hold) => (hold.id === reason ? { ...hold, amount } : hold));
};

const setHeld = (ctx: Context, ledger: Ledger, reason: string, who: AccountId, amount: bigint): void => {
  const holds = withAmount(ledger.holds.get(ctx, who), reason, amount);
  ensure(holds.length <= MAX_HOLDS, errors.TooManyHolds);
  if (holds.length === 0) ledger.holds.remove(ctx, who);
  else ledger.holds.put(ctx, who, holds);
};

/** Takes money out of a hold and out of `reserved`; the caller says where it goes. */
const takeHeld = (ctx: Context, ledger: Ledger, reason: string, who: AccountId, amount: bigint): void => {
  const held = heldUnder(ctx, ledger, reason, who);
  ensure(held >= amount, fundsUnavailable);
  setHeld(ctx, ledger, reason, who, held - amount);
};

export const hold = (ctx: Context, ledger: Ledger, reason: string, who: AccountId, amount: bigint): void => {
  if (amount === 0n) return;
  ensure(ledger.spendable(ctx, who) >= amount, fundsUnavailable);
  const data = ledger.read(ctx, who);
  setHeld(ctx, ledger, reason, who, heldUnder(ctx, ledger, reason, who) + amount);
  ledger.write(ctx, who, { ...data, free: data.free - amount, reserved: data.reserved + amount }, data);
  ctx.deposit(ledger.events.Held({ reason, who, amount }));
};

export const release = (
  ctx: Context,
  ledger: Ledger,
  reason: string,
  who: AccountId,
  amount: bigint,
): void => {
  if (amount === 0n) return;
  takeHeld(ctx, ledger, reason, who, amount);
  const data = ledger.read(ctx, who);
  ledger.write(ctx, who, { ...data, free: data.free + amount, reserved: data.reserved - amount }, data);
  ctx.deposit(ledger.events.Released({ reason, who, amount }));
};

export interface HeldTransfer {
  readonly reason: string;
  readonly from: AccountId;
  readonly to: AccountId;
  readonly amount: bigint;
}

export const transferHeld = (
  ctx: Context,
  ledger: Ledger,
  { reason, from, to, amount }: HeldTransfer,
): void => {
  if (amount === 0n) return;
  takeHeld(ctx, ledger, reason, from, amount);
  const data = ledger.read(ctx, from);
  ledger.write(ctx, from, { ...data, reserved: data.reserved - amount }, data);
  ledger.give(ctx, to, amount);
  ctx.deposit(ledger.events.TransferOnHold({ reason, source: from, dest: to, amount }));
};
