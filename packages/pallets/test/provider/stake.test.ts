import { describe, expect, it } from 'vitest';

import { errors } from '../../src/provider/errors.ts';
import { Stakes } from '../../src/provider/storage.ts';
import { MAX_UNBONDING } from '../../src/provider/types.ts';
import { ALICE, BOB, DAY, HAM, HOUR, MINUTE } from '../market/fixtures.ts';
import { market } from '../market/market.ts';

const WEEK = 7n * DAY;

describe('stake', () => {
  it('is held on the account of the provider', () => {
    const { ok, provider, held, free, ledger, chain } = market();
    const before = free(BOB);
    ok(BOB, provider.stake, { amount: 5n * HAM });
    ok(BOB, provider.stake, { amount: 2n * HAM });
    expect(held('ProviderStake', BOB)).toBe(7n * HAM);
    expect(free(BOB)).toBe(before - 7n * HAM);
    expect(ledger(BOB)).toEqual({ active: 7n * HAM, locked: 0n, unbonding: [] });
    expect(chain.events().at(-1)).toEqual(['Provider', 'Staked', { who: BOB, amount: 2n * HAM }]);
  });

  it('is refused when it is nothing, or more than there is', () => {
    const { refuses, provider } = market();
    refuses(BOB, provider.stake, { amount: 0n }, errors.ZeroAmount);
    refuses(BOB, provider.stake, { amount: 1_000_000n * HAM }, errors.InsufficientBalance);
  });

  it('unbonds for seven days', () => {
    const { ok, refuses, provider, held, advance, chain } = market();
    ok(BOB, provider.stake, { amount: 10n * HAM });
    ok(BOB, provider.unstake, { amount: 4n * HAM });
    const unlock_at = chain.ctx.now + WEEK;
    expect(chain.events().at(-1)?.[2]).toEqual({ who: BOB, amount: 4n * HAM, unlock_at });
    refuses(BOB, provider.withdraw_unbonded, {}, errors.NothingToWithdraw);
    advance(WEEK - 1n);
    refuses(BOB, provider.withdraw_unbonded, {}, errors.NothingToWithdraw);
    advance(1n);
    ok(BOB, provider.withdraw_unbonded, {});
    expect(held('ProviderStake', BOB)).toBe(6n * HAM);
    refuses(BOB, provider.withdraw_unbonded, {}, errors.NothingToWithdraw);
  });

  it('leaves no entry behind', () => {
    const { ok, provider, advance, chain } = market();
    ok(BOB, provider.stake, { amount: 10n * HAM });
    ok(BOB, provider.unstake, { amount: 10n * HAM });
    advance(WEEK);
    ok(BOB, provider.withdraw_unbonded, {});
    expect(Stakes.has(chain.ctx, BOB)).toBe(false);
  });

  it('can not be taken out twice, nor by others', () => {
    const { ok, refuses, provider } = market();
    ok(BOB, provider.stake, { amount: 10n * HAM });
    refuses(BOB, provider.unstake, { amount: 0n }, errors.ZeroAmount);
    refuses(BOB, provider.unstake, { amount: 10n * HAM + 1n }, errors.InsufficientStake);
    refuses(ALICE, provider.unstake, { amount: 1n }, errors.InsufficientStake);
    ok(BOB, provider.unstake, { amount: 10n * HAM });
    refuses(BOB, provider.unstake, { amount: 1n }, errors.InsufficientStake);
  });

  it('unbonds in a bounded number of amounts', () => {
    const { ok, refuses, provider, advance } = market();
    ok(BOB, provider.stake, { amount: 100n * HAM });
    for (let count = 0; count < MAX_UNBONDING; count += 1) {
      ok(BOB, provider.unstake, { amount: HAM });
      ok(BOB, provider.unstake, { amount: HAM });
      advance(MINUTE);
    }
    refuses(BOB, provider.unstake, { amount: HAM }, errors.TooManyUnbonding);
  });

  it('stays while it secures a lease, and is free when the lease has ended', () => {
    const { ok, refuses, provider, resourceOrder, advance, ledger, ...m } = market({
      provider: { unbonding: HOUR },
    });
    const lease = m.rent(m.machine());
    const { locked } = ledger(BOB);
    ok(BOB, provider.unstake, { amount: ledger(BOB).active });
    for (let beat = 0; beat < 12; beat += 1) {
      m.beat(lease);
      advance(5n * MINUTE);
    }
    ok(BOB, provider.withdraw_unbonded, {});
    expect(m.held('ProviderStake', BOB)).toBe(locked);
    refuses(BOB, provider.withdraw_unbonded, {}, errors.StakeLocked);
    ok(ALICE, resourceOrder.terminate_lease, { lease });
    ok(BOB, provider.withdraw_unbonded, {});
    expect(m.held('ProviderStake', BOB)).toBe(0n);
  });
});
