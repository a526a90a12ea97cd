import { DispatchFailure } from '@hamster/frame';
import { assertHealthy } from '@hamster/frame/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { TotalIssuance } from '../../src/index.ts';
import { account, ED, moneyChain } from '../support/money.ts';

const [alice, bob, nobody] = [account(1), account(2), account(3)];

let money: ReturnType<typeof moneyChain>;
beforeEach(() => {
  money = moneyChain(1000n, 500n);
});

const data = (who: Uint8Array) => {
  const { free, reserved } = money.ledger.read(money.chain.ctx, who);
  return [free, reserved];
};

describe('holds', () => {
  it('are shown as reserved, reason by reason, and come back', () => {
    const { chain, currency } = money;
    currency.hold(chain.ctx, 'Stake', alice, 100n);
    currency.hold(chain.ctx, 'Escrow', alice, 50n);
    currency.hold(chain.ctx, 'Stake', alice, 1n);
    expect(data(alice)).toEqual([849n, 151n]);
    expect(currency.held(chain.ctx, 'Stake', alice)).toBe(101n);
    assertHealthy(chain);
    currency.release(chain.ctx, 'Stake', alice, 101n);
    expect(money.ledger.holds.get(chain.ctx, alice)).toEqual([{ id: 'Escrow', amount: 50n }]);
    currency.release(chain.ctx, 'Escrow', alice, 50n);
    expect(data(alice)).toEqual([1000n, 0n]);
    expect(chain.events().map(([, name]) => name)).toEqual(['Held', 'Held', 'Held', 'Released', 'Released']);
    assertHealthy(chain);
  });

  it('pay others, also ones that do not exist yet', () => {
    const { chain, currency } = money;
    currency.hold(chain.ctx, 'Escrow', alice, 100n);
    currency.transferHeld(chain.ctx, 'Escrow', alice, bob, 30n);
    currency.transferHeld(chain.ctx, 'Escrow', alice, nobody, 20n);
    currency.transferHeld(chain.ctx, 'Escrow', alice, alice, 10n);
    expect([data(alice), data(bob), data(nobody)]).toEqual([
      [910n, 40n],
      [530n, 0n],
      [20n, 0n],
    ]);
    const moved = chain.events().filter(([, name]) => name === 'TransferOnHold');
    const told = { reason: 'Escrow', source: alice, dest: bob, amount: 30n };
    expect([moved.length, moved[0]?.[2]]).toEqual([3, told]);
    assertHealthy(chain);
  });

  it('refuse what is not there, and change nothing then', () => {
    const { chain, currency } = money;
    currency.hold(chain.ctx, 'Stake', alice, 100n);
    const before = [...chain.state.entries()];
    const attempts = [
      () => currency.hold(chain.ctx, 'Stake', alice, 900n - ED + 1n),
      () => currency.release(chain.ctx, 'Stake', alice, 101n),
      () => currency.release(chain.ctx, 'Escrow', alice, 1n),
      () => currency.transferHeld(chain.ctx, 'Stake', alice, bob, 101n),
      () => currency.transferHeld(chain.ctx, 'Stake', alice, nobody, ED - 1n),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(DispatchFailure);
    expect([...chain.state.entries()]).toEqual(before);
    assertHealthy(chain);
  });

  it('fees that nobody can get are burned, never lost from the books', () => {
    const { chain, fees } = money;
    fees.withdraw(chain.ctx, alice, 7n);
    fees.burn(chain.ctx, 7n - fees.deposit(chain.ctx, nobody, 7n));
    expect(TotalIssuance.get(chain.ctx)).toBe(1493n);
    assertHealthy(chain);
  });

  it('fees are told of where they are taken, and where they get', () => {
    const { chain, fees } = money;
    fees.ensureCanWithdraw(chain.ctx, alice, 990n);
    expect(() => fees.ensureCanWithdraw(chain.ctx, alice, 991n)).toThrow('NotExpendable');
    fees.withdraw(chain.ctx, alice, 0n);
    fees.withdraw(chain.ctx, alice, 7n);
    expect(fees.deposit(chain.ctx, bob, 7n)).toBe(7n);
    expect(chain.events()).toEqual([
      ['Balances', 'Withdraw', { who: alice, amount: 7n }],
      ['Balances', 'Deposit', { who: bob, amount: 7n }],
    ]);
  });
});
