import { ROOT, signedBy, tokenFailure } from '@hamster/frame';
import { assertHealthy, assertNoop, assertOk } from '@hamster/frame/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { TotalIssuance } from '../../src/index.ts';
import { account, ED, moneyChain } from '../support/money.ts';

const [alice, bob] = [account(1), account(2)];

let money: ReturnType<typeof moneyChain>;
beforeEach(() => {
  money = moneyChain(1000n, 500n);
});

const free = (who: Uint8Array): bigint => money.ledger.read(money.chain.ctx, who).free;
const burn = (value: bigint, keep_alive: boolean) =>
  money.chain.run(signedBy(alice), money.calls.burn, { value, keep_alive });

describe('burning money', () => {
  it('leaves less issued, and says so', () => {
    const { chain } = money;
    assertOk(chain, burn(300n, true));
    expect([free(alice), TotalIssuance.get(chain.ctx)]).toEqual([700n, 1200n]);
    expect(chain.events()).toEqual([['Balances', 'Burned', { who: alice, amount: 300n }]]);
    assertHealthy(chain);
  });

  it('may take the account with it, unless it has to live on', () => {
    const { chain, currency } = money;
    assertNoop(
      chain,
      () => burn(1001n, false),
      () => tokenFailure('FundsUnavailable'),
    );
    assertNoop(
      chain,
      () => burn(995n, true),
      () => tokenFailure('NotExpendable'),
    );
    currency.hold(chain.ctx, 'Stake', alice, 100n);
    assertNoop(
      chain,
      () => burn(895n, false),
      () => tokenFailure('Frozen'),
    );
    currency.release(chain.ctx, 'Stake', alice, 100n);
    assertOk(chain, burn(995n, false));
    expect([free(alice), TotalIssuance.get(chain.ctx)]).toEqual([0n, 500n]);
    assertHealthy(chain);
  });

  it('by root is a balance that is set, told as FRAME tells it', () => {
    const { chain, calls } = money;
    const set = (who: Uint8Array, new_free: bigint) =>
      assertOk(
        chain,
        chain.run(ROOT, calls.force_set_balance, { who: { type: 'Id', value: who }, new_free }),
      );
    set(bob, 530n);
    set(alice, ED - 1n);
    set(bob, 530n);
    expect(chain.events()).toEqual([
      ['Balances', 'Issued', { amount: 30n }],
      ['Balances', 'BalanceSet', { who: bob, free: 530n }],
      ['System', 'KilledAccount', { account: alice }],
      ['Balances', 'Rescinded', { amount: 1000n }],
      ['Balances', 'BalanceSet', { who: alice, free: 0n }],
      ['Balances', 'BalanceSet', { who: bob, free: 530n }],
    ]);
    assertHealthy(chain);
  });
});
