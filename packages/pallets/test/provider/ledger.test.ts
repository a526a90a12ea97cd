import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import * as rules from '../../src/provider/rules/ledger.ts';

const amount = fc.bigInt({ min: 0n, max: 1000n });
const step = fc.record({
  action: fc.constantFrom('stake', 'unstake', 'withdraw', 'lock', 'unlock', 'slash'),
  amount,
  time: fc.bigInt({ min: 0n, max: 50n }),
});
const UNBONDING = 100n;

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

describe('the stake ledger', () => {
  it('covers its locks through any history, and every planck goes somewhere', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let ledger = rules.NO_STAKE;
        let now = 0n;
        let held = 0n;
        for (const { action, amount: wanted, time } of steps) {
          now += time;
          if (action === 'stake') {
            ledger = rules.addStake(ledger, wanted);
            held += wanted;
          } else if (action === 'unstake') {
            ledger = rules.startUnbonding(ledger, smaller(wanted, ledger.active), now + UNBONDING);
          } else if (action === 'withdraw') {
            const withdrawal = rules.withdrawDue(ledger, now);
            ledger = withdrawal.ledger;
            held -= withdrawal.amount;
          } else if (action === 'lock') {
            ledger = rules.lockStake(ledger, smaller(wanted, rules.freeStake(ledger)));
          } else if (action === 'unlock') {
            ledger = rules.unlockStake(ledger, smaller(wanted, ledger.locked));
          } else {
            const slashed = smaller(wanted, ledger.locked);
            ledger = rules.slashLocked(ledger, slashed);
            held -= slashed;
          }
          expect(rules.totalStake(ledger)).toBe(held);
          expect(ledger.locked).toBeLessThanOrEqual(held);
          expect(ledger.unbonding.every((chunk) => chunk.amount >= 0n)).toBe(true);
        }
      }),
    );
  });

  it('withdraws what is due, but leaves what secures leases', () => {
    const staked = rules.lockStake(rules.addStake(rules.NO_STAKE, 100n), 70n);
    const leaving = rules.startUnbonding(staked, 100n, 10n);
    expect(rules.withdrawDue(leaving, 9n).amount).toBe(0n);
    const { ledger, amount: out } = rules.withdrawDue(leaving, 10n);
    expect(out).toBe(30n);
    expect(ledger).toEqual({ active: 0n, locked: 70n, unbonding: [{ amount: 70n, unlock_at: 10n }] });
  });

  it('lesson 10: a slash takes the collateral of its lease and no more', () => {
    const ledger = rules.lockStake(rules.addStake(rules.NO_STAKE, 100n), 70n);
    expect(rules.slashLocked(ledger, 20n)).toEqual({ active: 80n, locked: 50n, unbonding: [] });
  });

  it('slashes unbonding stake where the active stake has gone, latest first', () => {
    const locked = rules.lockStake(rules.addStake(rules.NO_STAKE, 100n), 60n);
    const leaving = rules.startUnbonding(rules.startUnbonding(locked, 50n, 10n), 40n, 20n);
    const slashed = rules.slashLocked(leaving, 55n);
    expect(slashed).toEqual({ active: 0n, locked: 5n, unbonding: [{ amount: 45n, unlock_at: 10n }] });
  });
});
