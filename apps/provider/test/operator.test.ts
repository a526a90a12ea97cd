import type { Call, Calls } from '@hamster/chain-client';
import { DaemonError } from '@hamster/daemon';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MarketView } from '../src/market/market-view.ts';
import { openLastWords, type LastWords } from '../src/operator/last-words.ts';
import { Operator } from '../src/operator/operator.ts';
import { OfferTurns } from '../src/registration/offer-turns.ts';
import { HAM, HOUR, market, NOW, resource } from './market-fixture.ts';

const SETTINGS = {
  price: { core: '0.01', memory: '0.005', disk: '0.0001' },
  offer: { region: 'eu', days: 30 },
};

const SIZE = { cpuCores: 2, memoryMib: 8192, diskGib: 100 };

/** Calls that say what they are, in place of ones that a chain could decode. */
function spokenCalls(): Calls {
  const speak =
    (name: string) =>
    (...args: unknown[]) => [name, ...args];
  const provider = new Proxy({}, { get: (_, name) => speak(String(name)) });
  return { provider, batchAll: (calls: unknown) => ['batchAll', calls] } as unknown as Calls;
}

describe('the operator', () => {
  let directory: string;
  let words: LastWords;
  let sent: unknown[];
  let view: MarketView;
  let refusal: Error | undefined;
  let obstacle: DaemonError | undefined;

  const operator = () =>
    new Operator({
      turns: new OfferTurns(),
      calls: spokenCalls(),
      market: () => Promise.resolve(view),
      submit: (call: Call) => {
        sent.push(call);
        return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
      },
      hostCapacity: () => Promise.resolve({ cpuCores: 8, memoryMib: 16_384, diskGib: 400 }),
      wantedStake: ({ cpuCores }) => BigInt(cpuCores) * 60n * HAM,
      words,
      obstacle: () => obstacle,
    });
  const change = (what: Parameters<Operator['change']>[0]) =>
    operator().change(what, AbortSignal.timeout(10_000));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-operator-'));
    words = await openLastWords(join(directory, 'offer.json'), SETTINGS);
    sent = [];
    view = market();
    refusal = undefined;
    obstacle = undefined;
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('changes one price and leaves the others', async () => {
    const effects = await change({ prices: { cpuCoreHour: 3n * HAM } });
    const { memoryGibHour, diskGibHour } = resource().prices;
    expect(sent).toEqual([['updatePrices', 9, { cpuCoreHour: 3n * HAM, memoryGibHour, diskGibHour }]]);
    expect(effects).toEqual([expect.stringMatching(/^An hour costs 3 HAM a core.*Leases that run keep/)]);
  });

  it('sends all of several changes or none', async () => {
    await change({ draining: true, availableUntil: NOW + 1 });
    expect(sent).toEqual([
      [
        'batchAll',
        [
          ['setAvailableUntil', 9, NOW + 1],
          ['setStatus', 9, 'Draining'],
        ],
      ],
    ]);
  });

  it('stakes what a larger offer needs to be listed', async () => {
    await change({ capacity: { cpuCores: 8, memoryMib: 16_384, diskGib: 400 } });
    const capacity = { cpuCores: 8, memoryMib: 16_384, diskGib: 400 };
    expect(view.stake.active).toBe(200n * HAM);
    // 8 cores, 16 GiB and 400 GiB of disk need 152 HAM, which are there; nothing is staked without need.
    expect(sent).toEqual([['updateCapacity', 9, capacity]]);
    view = market({ stake: { active: 100n * HAM, locked: 0n, unbonding: [] } });
    const effects = await change({ capacity });
    expect(sent[1]).toEqual([
      'batchAll',
      [
        ['stake', 380n * HAM],
        ['updateCapacity', 9, capacity],
      ],
    ]);
    expect(effects.join(' ')).toContain('380 HAM more were staked');
  });

  it('offers no more than the host has', async () => {
    await expect(change({ capacity: { cpuCores: 9 } })).rejects.toMatchObject({ code: 'OFFER_TOO_LARGE' });
    expect(sent).toEqual([]);
  });

  it('says which maintenance the chain allows where it would refuse it', async () => {
    const { chainTime } = view;
    const at = (hours: number, length: number) => ({
      maintenance: { from: chainTime + hours * HOUR, to: chainTime + (hours + length) * HOUR },
    });
    for (const impossible of [at(23, 1), at(25, 3), at(25, 0), at(25, -1)])
      await expect(change(impossible)).rejects.toMatchObject({
        code: 'MAINTENANCE_REFUSED',
        message:
          'This chain asks for a notice of 1 day before maintenance, which lasts 2 hours at most and comes once in 7 days.',
      });
    expect(sent).toEqual([]);
    await change(at(25, 2));
    expect(sent).toHaveLength(1);
  });

  it('refuses what names nothing, and a machine that the chain does not know', async () => {
    await expect(change({})).rejects.toMatchObject({ code: 'NOTHING_TO_CHANGE' });
    view = market({ resource: undefined });
    await expect(change({ draining: true })).rejects.toMatchObject({ code: 'NOT_REGISTERED' });
  });

  it('keeps words over a restart, until the setting itself is changed', async () => {
    await change({ prices: { cpuCoreHour: 3n * HAM }, capacity: { cpuCores: 2 } });
    const reopen = (settings: typeof SETTINGS) => openLastWords(join(directory, 'offer.json'), settings);
    const again = (await reopen(SETTINGS)).current();
    expect(again.prices?.cpuCoreHour).toBe(3n * HAM);
    expect(again.capacity).toEqual({ cpuCores: 2, memoryMib: 8192, diskGib: 100 });
    const dearer = { ...SETTINGS, price: { ...SETTINGS.price, core: '0.09' } };
    const later = (await reopen(dearer)).current();
    expect(later.prices).toBeUndefined();
    expect(later.capacity?.cpuCores).toBe(2);
  });

  it('knows after a kill what it had said together with prices, until the chain has it', async () => {
    const path = join(directory, 'killed.json');
    const maintenance = { from: NOW + 25 * HOUR, to: NOW + 26 * HOUR };
    const first = await openLastWords(path, SETTINGS);
    const restarted = Promise.withResolvers<LastWords>();
    void first.say({ capacity: SIZE, draining: true, maintenance }, async () => {
      restarted.resolve(await openLastWords(path, SETTINGS));
      await new Promise(() => undefined);
    });
    const again = await restarted.promise;
    expect(again.current().capacity).toEqual(SIZE);
    expect(again.unsent()).toEqual({ draining: true, maintenance });
    await again.settle();
    expect(again.unsent()).toEqual({});
    expect((await openLastWords(path, SETTINGS)).unsent()).toEqual({});
    expect((await openLastWords(path, SETTINGS)).current().capacity).toEqual(SIZE);
  });

  it('keeps nothing of it when the chain has it, and what was cut short before stays to be said', async () => {
    await change({ draining: true });
    expect(words.unsent()).toEqual({});
    const path = join(directory, 'twice.json');
    await writeFile(path, JSON.stringify({ unsent: { draining: true } }));
    const other = await openLastWords(path, SETTINGS);
    await other.say({ capacity: SIZE }, () => Promise.resolve());
    expect((await openLastWords(path, SETTINGS)).unsent()).toEqual({ draining: true });
    await other.say({ draining: false }, () => Promise.resolve());
    expect((await openLastWords(path, SETTINGS)).unsent()).toEqual({});
  });

  it('takes no orders again while its host could not carry them out', async () => {
    obstacle = new DaemonError('HOST_UNFIT', 'This host cannot serve: libvirtd is away');
    await expect(change({ draining: false })).rejects.toMatchObject({ code: 'HOST_UNFIT' });
    expect(sent).toEqual([]);
    await change({ draining: true });
    expect(sent).toHaveLength(1);
  });

  it('takes words back that the chain refused', async () => {
    refusal = new DaemonError('REFUSED', 'less than is leased');
    await expect(change({ capacity: { cpuCores: 1 } })).rejects.toThrow('less than is leased');
    expect((await openLastWords(join(directory, 'offer.json'), SETTINGS)).current()).toEqual({});
  });

  it('sends nothing that could not be written down', async () => {
    words = await openLastWords(join(directory, 'none', 'offer.json'), SETTINGS);
    await writeFile(join(directory, 'none'), 'a file where the directory should be');
    await expect(change({ capacity: { cpuCores: 2 } })).rejects.toThrow();
    expect(sent).toEqual([]);
    expect(words.current()).toEqual({});
  });
});
