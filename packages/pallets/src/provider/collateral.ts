import { type AccountId, type Context, ensure } from '@hamster/frame';

import { putLedger } from './access.ts';
import type { ProviderConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { freeStake, lockStake, slashLocked, unlockStake } from './rules/ledger.ts';
import { Stakes } from './storage.ts';

/** Active stake that secures nothing yet. */
export const freeCollateral = (ctx: Context, who: AccountId): bigint => freeStake(Stakes.get(ctx, who));

export const lockedCollateral = (ctx: Context, who: AccountId): bigint => Stakes.get(ctx, who).locked;

/** @throws DispatchFailure InsufficientStake */
export const lockCollateral = (ctx: Context, who: AccountId, amount: bigint): void => {
  ensure(freeCollateral(ctx, who) >= amount, errors.InsufficientStake);
  putLedger(ctx, who, lockStake(Stakes.get(ctx, who), amount));
};

export const unlockCollateral = (ctx: Context, who: AccountId, amount: bigint): void => {
  putLedger(ctx, who, unlockStake(Stakes.get(ctx, who), amount));
};

export interface Slash {
  readonly who: AccountId;
  readonly to: AccountId;
  readonly amount: bigint;
}

/** Moves locked collateral to somebody else, for good. Several shares of one slash are several of these. */
export const slashCollateral = (
  ctx: Context,
  { currency }: ProviderConfig,
  { who, to, amount }: Slash,
): void => {
  if (amount === 0n) return;
  currency.transferHeld(ctx, 'ProviderStake', who, to, amount);
  putLedger(ctx, who, slashLocked(Stakes.get(ctx, who), amount));
  ctx.deposit(events.Slashed({ who, amount }));
};
