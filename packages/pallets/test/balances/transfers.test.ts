import { badOrigin, cannotLookup, DispatchFailure, ROOT, signedBy, tokenFailure } from '@hamster/frame';
import { assertHealthy, assertNoop, assertOk } from '@hamster/frame/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { TotalIssuance } from '../../src/index.ts';
import { account, ED, moneyChain } from '../support/money.ts';

const [alice, bob, nobody] = [account(1), account(2), account(3)];
const to = (who: Uint8Array) => ({ type: 'Id' as const, value: who });

let money: ReturnType<typeof moneyChain>;
beforeEach(() => {
  money = moneyChain(1000n, 500n);
});

const free = (who: Uint8Array): bigint => money.ledger.read(money.chain.ctx, who).free;
const run = <K extends keyof typeof money.calls>(call: K) => money.calls[call];

describe('transfers', () => {
  it('move money and say so', () => {
    const { chain } = money;
    assertOk(chain, chain.run(signedBy(alice), run('transfer_allow_death'), { dest: to(bob), value: 100n }));
    expect([free(alice), free(bob)]).toEqual([900n, 600n]);
    expect(chain.events()).toEqual([['Balances', 'Transfer', { from: alice, to: bob, amount: 100n }]]);
    assertHealthy(chain);
  });

  it('create and reap accounts, and burn dust', () => {
    const { chain } = money;
    assertOk(
      chain,
      chain.run(signedBy(alice), run('transfer_allow_death'), { dest: to(nobody), value: 995n }),
    );
    expect([free(alice), free(nobody), TotalIssuance.get(chain.ctx)]).toEqual([0n, 995n, 1495n]);
    expect(chain.events().map(([, name]) => name)).toEqual([
      'KilledAccount',
      'DustLost',
      'NewAccount',
      'Endowed',
      'Transfer',
    ]);
    assertHealthy(chain);
  });

  it('are refused without a trace', () => {
    const { chain } = money;
    const by = signedBy(alice);
    const keepAlive = run('transfer_keep_alive');
    const allowDeath = run('transfer_allow_death');
    const token = (name: 'FundsUnavailable' | 'NotExpendable' | 'BelowMinimum') => () => tokenFailure(name);
    const cases = [
      [() => chain.run(by, allowDeath, { dest: to(bob), value: 1001n }), token('FundsUnavailable')],
      [() => chain.run(by, keepAlive, { dest: to(bob), value: 991n }), token('NotExpendable')],
      [() => chain.run(by, allowDeath, { dest: to(nobody), value: ED - 1n }), token('BelowMinimum')],
      [() => chain.run(ROOT, allowDeath, { dest: to(bob), value: 1n }), badOrigin],
      [() => chain.run(by, allowDeath, { dest: { type: 'Index' }, value: 1n }), cannotLookup],
      [
        () => chain.run(by, run('force_transfer'), { source: to(bob), dest: to(alice), value: 1n }),
        badOrigin,
      ],
      [() => chain.run(by, run('force_set_balance'), { who: to(alice), new_free: 1n }), badOrigin],
    ] as const;
    for (const [attempt, failure] of cases) assertNoop(chain, attempt, failure);
    assertHealthy(chain);
  });

  it('of everything reap the account, where it may die', () => {
    const { chain } = money;
    assertOk(chain, chain.run(signedBy(alice), run('transfer_all'), { dest: to(bob), keep_alive: true }));
    expect([free(alice), free(bob)]).toEqual([ED, 1490n]);
    assertOk(chain, chain.run(signedBy(bob), run('transfer_all'), { dest: to(alice), keep_alive: false }));
    expect([free(alice), free(bob), TotalIssuance.get(chain.ctx)]).toEqual([1500n, 0n, 1500n]);
    assertHealthy(chain);
  });

  it('of everything leave what is held, and the deposit under it', () => {
    const { chain, currency } = money;
    currency.hold(chain.ctx, 'Stake', alice, 300n);
    assertOk(chain, chain.run(signedBy(alice), run('transfer_all'), { dest: to(bob), keep_alive: false }));
    expect([free(alice), free(bob)]).toEqual([ED, 500n + 690n]);
    assertNoop(
      chain,
      () => chain.run(signedBy(alice), run('transfer_allow_death'), { dest: to(bob), value: 5n }),
      () => tokenFailure('Frozen'),
    );
    assertHealthy(chain);
  });

  it('of nothing succeed, to whomever, and say so', () => {
    const { chain } = money;
    for (const call of ['transfer_allow_death', 'transfer_keep_alive'] as const)
      assertOk(chain, chain.run(signedBy(alice), run(call), { dest: to(nobody), value: 0n }));
    expect(chain.events()).toEqual(
      Array.from({ length: 2 }, () => ['Balances', 'Transfer', { from: alice, to: nobody, amount: 0n }]),
    );
    assertHealthy(chain);
  });

  it('to oneself are checked like any other, and move nothing', () => {
    const { chain } = money;
    const toOneself = (value: bigint) => () =>
      chain.run(signedBy(alice), run('transfer_keep_alive'), { dest: to(alice), value });
    assertOk(chain, toOneself(990n)());
    expect(chain.events()).toEqual([]);
    assertNoop(chain, toOneself(991n), () => tokenFailure('NotExpendable'));
    assertNoop(chain, toOneself(1001n), () => tokenFailure('FundsUnavailable'));
  });

  it('by root do not reap an account that has money on hold', () => {
    const { chain, currency } = money;
    currency.hold(chain.ctx, 'Stake', alice, 300n);
    assertNoop(
      chain,
      () => chain.run(ROOT, run('force_set_balance'), { who: to(alice), new_free: 0n }),
      () => new DispatchFailure({ type: 'ConsumerRemaining' }, 'as FRAME says it'),
    );
  });

  it('by root set balances and move them', () => {
    const { chain } = money;
    assertOk(chain, chain.run(ROOT, run('force_set_balance'), { who: to(nobody), new_free: 70n }));
    assertOk(
      chain,
      chain.run(ROOT, run('force_transfer'), { source: to(bob), dest: to(nobody), value: 30n }),
    );
    assertOk(chain, chain.run(ROOT, run('force_set_balance'), { who: to(alice), new_free: ED - 1n }));
    assertOk(chain, chain.run(ROOT, run('force_set_balance'), { who: to(bob), new_free: ED }));
    expect([free(alice), free(bob), free(nobody)]).toEqual([0n, ED, 100n]);
    const told = chain.events().filter(([, name]) => ['Issued', 'Rescinded', 'BalanceSet'].includes(name));
    expect(told).toEqual([
      ['Balances', 'Issued', { amount: 70n }],
      ['Balances', 'BalanceSet', { who: nobody, free: 70n }],
      ['Balances', 'Rescinded', { amount: 1000n }],
      ['Balances', 'BalanceSet', { who: alice, free: 0n }],
      ['Balances', 'Rescinded', { amount: 460n }],
      ['Balances', 'BalanceSet', { who: bob, free: ED }],
    ]);
    assertHealthy(chain);
  });
});
