import { maxOf, minOf } from '@hamster/frame';
import type { StakeLedger } from '../types.ts';

type Chunk = StakeLedger['unbonding'][number];

export interface Taken {
  readonly ledger: StakeLedger;
  readonly amount: bigint;
}

export const NO_STAKE: StakeLedger = { active: 0n, locked: 0n, unbonding: [] };

const sumOf = (chunks: readonly Chunk[]): bigint => chunks.reduce((sum, chunk) => sum + chunk.amount, 0n);

/** All that is held for this ledger; `locked`, the collateral of leases, is at most this. */
export const totalStake = (ledger: StakeLedger): bigint => ledger.active + sumOf(ledger.unbonding);

/** Active stake that secures no lease yet: what new collateral may take. */
export const freeStake = (ledger: StakeLedger): bigint => maxOf(0n, ledger.active - ledger.locked);

export const isEmptyLedger = (ledger: StakeLedger): boolean =>
  totalStake(ledger) === 0n && ledger.locked === 0n;

export const addStake = (ledger: StakeLedger, amount: bigint): StakeLedger => ({
  ...ledger,
  active: ledger.active + amount,
});

/** Moves `amount`, at most the active stake, to unbonding. What starts in the same moment shares a chunk. */
export const startUnbonding = (ledger: StakeLedger, amount: bigint, unlockAt: bigint): StakeLedger => {
  const last = ledger.unbonding.at(-1);
  const shared = last?.unlock_at === unlockAt ? last.amount : 0n;
  const others = shared > 0n ? ledger.unbonding.slice(0, -1) : ledger.unbonding;
  const chunk = { amount: amount + shared, unlock_at: unlockAt };
  return { ...ledger, active: ledger.active - amount, unbonding: [...others, chunk] };
};

/** Takes `wanted` out of `chunks` in their order, as far as they go. */
const takeFrom = (chunks: readonly Chunk[], wanted: bigint): Chunk[] => {
  let rest = wanted;
  return chunks.flatMap((chunk) => {
    const taken = minOf(rest, chunk.amount);
    rest -= taken;
    return taken === chunk.amount ? [] : [{ ...chunk, amount: chunk.amount - taken }];
  });
};

const isDue = (chunk: Chunk, now: bigint): boolean => chunk.unlock_at <= now;

/** What unbonding has set free by `now`, whether or not leases still need it. */
export const dueStake = (ledger: StakeLedger, now: bigint): bigint =>
  sumOf(ledger.unbonding.filter((chunk) => isDue(chunk, now)));

/** Takes out what is due, but leaves as much as secures leases. */
export const withdrawDue = (ledger: StakeLedger, now: bigint): Taken => {
  const amount = minOf(dueStake(ledger, now), totalStake(ledger) - ledger.locked);
  const due = ledger.unbonding.filter((chunk) => isDue(chunk, now));
  const later = ledger.unbonding.filter((chunk) => !isDue(chunk, now));
  return { ledger: { ...ledger, unbonding: [...takeFrom(due, amount), ...later] }, amount };
};

export const lockStake = (ledger: StakeLedger, amount: bigint): StakeLedger => ({
  ...ledger,
  locked: ledger.locked + amount,
});

export const unlockStake = (ledger: StakeLedger, amount: bigint): StakeLedger => ({
  ...ledger,
  locked: ledger.locked - amount,
});

/**
 * Takes collateral away for good: from the active stake, and where unbonding went below the lock, from what unbonds
 * last. The locks of the other leases stay covered, because the total stake is never less than all locks together.
 */
export const slashLocked = (ledger: StakeLedger, amount: bigint): StakeLedger => {
  const fromActive = minOf(amount, ledger.active);
  const latestFirst = takeFrom(ledger.unbonding.toReversed(), amount - fromActive);
  return {
    active: ledger.active - fromActive,
    locked: ledger.locked - amount,
    unbonding: latestFirst.toReversed(),
  };
};
