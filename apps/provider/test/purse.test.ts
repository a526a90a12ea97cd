import type { Call, Calls, Outcome } from '@hamster/chain-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MarketView } from '../src/market/market-view.ts';
import { Purse } from '../src/purse/purse.ts';
import { OfferTurns } from '../src/registration/offer-turns.ts';
import { HAM, HOUR, market, NOW, resource, runningLease } from './market-fixture.ts';

const UNBONDING = 7 * 24 * HOUR;
const NOTHING = { cpuCores: 0, memoryMib: 0, diskGib: 0, gpus: 0 };
const signal = AbortSignal.timeout(60_000);

/** Calls that say what they are, in place of ones that a chain could decode. */
function spokenCalls(): Calls {
  const provider = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]) => [name, ...args],
    },
  );
  const transfer = (to: string, amount: bigint): unknown => {
    if (to.includes('0')) throw new TypeError('Invalid base58 character');
    return ['transfer', to, amount];
  };
  return { provider, transfer, batchAll: (calls: unknown) => ['batchAll', calls] } as unknown as Calls;
}

describe("the operator's purse", () => {
  let sent: unknown[];
  let view: MarketView;
  const free = () =>
    market({ resource: resource({ allocated: NOTHING, liveLeases: 0 }), orders: [], leases: [] });
  let noted: number[];
  const purse = () =>
    new Purse({
      turns: new OfferTurns(),
      calls: spokenCalls(),
      market: () => Promise.resolve(view),
      submit: (call: Call) => {
        sent.push(call);
        return Promise.resolve({ events: { get: () => ({ amount: 50n * HAM }) } } as unknown as Outcome);
      },
      fee: () => Promise.resolve(HAM / 2n),
      drain: () => {
        sent.push('drain');
        return Promise.resolve(['It drains.']);
      },
      noteLeaving: (at) => Promise.resolve(void noted.push(at)),
      wantedStake: () => 120n * HAM,
    });

  beforeEach(() => {
    sent = [];
    noted = [];
    view = free();
  });

  it('leaves with the whole stake when nothing runs, in one transaction', async () => {
    const { left, effects } = await purse().leave(signal);
    expect(left).toBe(true);
    expect(sent).toEqual([
      [
        'batchAll',
        [
          ['removeResource', 9],
          ['unstake', 200n * HAM],
        ],
      ],
    ]);
    expect(noted).toEqual([NOW]);
    expect(effects[1]).toContain(new Date(NOW + UNBONDING).toISOString().slice(0, 10));
  });

  it('drains while a lease runs or an order waits, says until when, and drains once', async () => {
    view = market();
    const first = await purse().leave(signal);
    expect(first.left).toBe(false);
    expect(first.effects).toEqual([
      'It drains.',
      expect.stringMatching(/^Still running here: 1 lease; .* UTC\.$/),
      expect.stringMatching(/^Still waiting here: 1 order/),
      expect.stringContaining('hamster-provider leave'),
    ]);
    view = market({ orders: [], resource: resource({ status: 'Draining' }) });
    expect((await purse().leave(signal)).left).toBe(false);
    expect(sent).toEqual(['drain']);
    expect(noted).toEqual([]);
  });

  it('does not leave while something of it is held by a lease that is no longer live', async () => {
    view = market({ orders: [], leases: [runningLease({ status: 'Finished' })] });
    expect(await purse().leave(signal)).toMatchObject({ left: false });
    expect(sent).toEqual(['drain']);
  });

  it('leaves the stake to the other machines of the account', async () => {
    view = { ...free(), otherMachines: 1 };
    const { left, effects } = await purse().leave(signal);
    expect(left).toBe(true);
    expect(sent).toEqual([['removeResource', 9]]);
    expect(effects.join(' ')).toContain('Other machines');
  });

  it('sends nothing when it has left already', async () => {
    view = { ...free(), resource: undefined, stake: { active: 0n, locked: 0n, unbonding: [] } };
    expect(await purse().leave(signal)).toMatchObject({ left: true });
    expect(sent).toEqual([]);
    expect(noted).toEqual([]);
  });

  it('takes out of service what the offer does not need, and no more', async () => {
    await purse().unstake(undefined, signal);
    await purse().unstake(30n * HAM, signal);
    expect(sent).toEqual([
      ['unstake', 80n * HAM],
      ['unstake', 30n * HAM],
    ]);
    await expect(purse().unstake(81n * HAM, signal)).rejects.toMatchObject({ code: 'STAKE_NEEDED' });
    view = { ...free(), stake: { active: 120n * HAM, locked: 0n, unbonding: [] } };
    await expect(purse().unstake(undefined, signal)).rejects.toMatchObject({ code: 'NOTHING_TO_UNSTAKE' });
  });

  it('withdraws what has unbonded, and says when that will be', async () => {
    const unbonding = (unlockAt: number) => [{ amount: 50n * HAM, unlockAt }];
    view = { ...free(), stake: { active: 0n, locked: 0n, unbonding: unbonding(NOW + HOUR) } };
    await expect(purse().withdraw(signal)).rejects.toMatchObject({
      code: 'STILL_UNBONDING',
      message: expect.stringContaining(new Date(NOW + HOUR).toISOString().slice(0, 10)) as string,
    });
    view = { ...free(), stake: { active: 0n, locked: 0n, unbonding: unbonding(NOW) } };
    expect(await purse().withdraw(signal)).toEqual([expect.stringContaining('50 HAM')]);
    expect(sent).toEqual([['withdrawUnbonded']]);
  });

  it('pays out all but what stays for fees, and never more', async () => {
    // Of 29 HAM, one stays and half a one is the fee of this transaction.
    await purse().payOut({ to: '5Friend', keep: HAM }, signal);
    expect(sent).toEqual([['transfer', '5Friend', 27n * HAM + HAM / 2n]]);
    const more = purse().payOut({ to: '5Friend', amount: 28n * HAM, keep: HAM }, signal);
    await expect(more).rejects.toMatchObject({ code: 'NOT_ENOUGH' });
    const poor = purse().payOut({ to: '5Friend', keep: 29n * HAM }, signal);
    await expect(poor).rejects.toMatchObject({ code: 'NOT_ENOUGH' });
    const wrong = purse().payOut({ to: 'n0body', keep: HAM }, signal);
    await expect(wrong).rejects.toMatchObject({ code: 'ADDRESS_INVALID' });
    expect(sent).toHaveLength(1);
  });
});
