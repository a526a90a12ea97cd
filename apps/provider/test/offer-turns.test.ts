import type { Call, ChainClient, MachineSpec, Resource } from '@hamster/chain-client';
import { minListingStake } from '@hamster/chain-client/market';
import type { KeyringPair } from '@hamster/daemon';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { resolveConfig } from '@hamster/daemon';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../src/config.ts';
import { openLastWords } from '../src/operator/last-words.ts';
import { operatorOf, purseOf } from '../src/operator/open-operator.ts';
import { departureIn } from '../src/registration/departure.ts';
import { refreshOffer } from '../src/registration/bring-to-market.ts';
import { OfferTurns } from '../src/registration/offer-turns.ts';
import { FakeDriver, quietLog, SPEC } from './fakes.ts';
import { HAM, market, NOW, resource } from './market-fixture.ts';

const PEER = '12D3KooWpeer';
const { signal } = new AbortController();
const BLOCK_MS = 60;
/** All that the host has. */
const LARGE = { cpuCores: 8, memoryMib: 16_384, diskGib: 100 };
const NOTHING = { cpuCores: 0, memoryMib: 0, diskGib: 0, gpus: 0 };

/** The `provider` pallet, with one machine that is there or not. `onCall` sees each call when it comes, before it is done. */
class Chain {
  entry: Resource | undefined = resource({ status: 'Offline', capacity: { ...SPEC, gpus: 0 } });
  stake = 200n * HAM;
  readonly done: string[] = [];
  onCall: (name: string) => void = () => undefined;
  onRules: () => Promise<void> = () => Promise.resolve();

  readonly client = {
    chain: { genesisHash: '0x00' },
    calls: {
      provider: new Proxy(
        {},
        {
          get:
            (_, name) =>
            (...args: unknown[]) => [[String(name), args]],
        },
      ),
      batchAll: (calls: unknown[][]) => calls.flat(),
    },
    snapshot: async () => this.client,
    now: async () => NOW,
    parameters: async () => {
      await this.onRules();
      return market().rules;
    },
    stake: async () => ({ active: this.stake, locked: 0n, unbonding: [] }),
    balance: async () => market().balance,
    resourcesOf: async () => (this.entry ? [this.entry] : []),
    ordersOfProvider: async () => [],
    leasesOfProvider: async () => [],
    submit: async (call: unknown) => {
      for (const [name, args] of call as [string, unknown[]][]) {
        this.onCall(name);
        // Until the next block, in which there is time for the operator.
        await setTimeout(BLOCK_MS);
        this.done.push(name);
        if (name === 'setStatus' && this.entry)
          this.entry = { ...this.entry, status: args[1] as Resource['status'] };
        if (name === 'updateCapacity' && this.entry)
          this.entry = { ...this.entry, capacity: { gpus: 0, ...(args[1] as MachineSpec) } };
        if (name === 'stake') this.stake += args[0] as bigint;
        if (name === 'unstake') this.stake -= args[0] as bigint;
        if (name === 'removeResource') this.entry = undefined;
        if (name === 'registerResource') this.entry = resource();
      }
    },
  } as unknown as ChainClient & { submit(call: Call): Promise<void> };
}

describe('an offer that is brought up to date', () => {
  let directory: string;
  let chain: Chain;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hamster-turns-'));
    chain = new Chain();
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function daemon() {
    const file = {
      path: 'c.json',
      content: { images: ['debian-12'], offer: { cores: 1, memory: 512, disk: 2 } },
    };
    const settings = resolveConfig(config, { file });
    const driver = Object.assign(new FakeDriver(), {
      capacity: async () => ({ ...SPEC, ...LARGE, virtualization: 'Process' as const, cpuModel: 'fake' }),
      images: async () => [
        { name: 'debian-12', version: '1', loginUser: 'root', minMemoryMib: 1, minDiskGib: 1 },
      ],
    });
    const words = await openLastWords(join(directory, 'offer.json'), settings);
    const departure = departureIn(join(directory, 'left.json'));
    const account = { address: 'bob' } as KeyringPair;
    const parts = {
      ...{ config: settings, client: chain.client, peerId: PEER, driver, words, departure },
      ...{ turns: new OfferTurns(), fitness: { obstacle: undefined }, log: quietLog() },
    };
    const operator = operatorOf({ ...parts, signer: account });
    const purse = purseOf({ ...parts, signer: account }, operator);
    return { operator, purse, refresh: () => refreshOffer({ ...parts, account }, signal) };
  }

  /** Runs it in the middle of the first transaction of what is going on. */
  function inBetween<T>(act: () => Promise<T>): Promise<T> {
    const said = Promise.withResolvers<T>();
    chain.onCall = () => {
      chain.onCall = () => undefined;
      act().then(said.resolve, said.reject);
    };
    return said.promise;
  }

  it('undoes no word of the operator that comes in between', async () => {
    const { operator, refresh } = await daemon();
    const drained = inBetween(() => operator.change({ draining: true }, signal));
    await refresh();
    await drained;
    expect(chain.done).toContain('updatePrices');
    expect(chain.entry?.status).toBe('Draining');
  });

  it('does not bring back a machine that leaves in between', async () => {
    const { purse, refresh } = await daemon();
    chain.entry = resource({ status: 'Offline', allocated: NOTHING, liveLeases: 0 });
    const left = Promise.withResolvers<unknown>();
    chain.onRules = async () => {
      chain.onRules = () => Promise.resolve();
      purse.leave(signal).then(left.resolve, left.reject);
      await setTimeout(3 * BLOCK_MS);
    };
    await refresh();
    expect(await left.promise).toMatchObject({ left: true });
    await refresh();
    expect(chain.entry).toBeUndefined();
  });

  it('keeps the stake that a larger offer needs, when what is spare is taken away in between', async () => {
    const { operator, purse } = await daemon();
    const taken = inBetween(() => purse.unstake(undefined, signal));
    const refused = expect(taken).rejects.toMatchObject({ code: 'NOTHING_TO_UNSTAKE' });
    await operator.change({ capacity: LARGE }, signal);
    await refused;
    expect(chain.entry?.capacity).toMatchObject(LARGE);
    expect(chain.stake).toBeGreaterThanOrEqual(minListingStake(LARGE, market().rules.provider));
  });

  it('keeps nobody waiting longer than he wants to', async () => {
    const turns = new OfferTurns();
    const first = Promise.withResolvers<void>();
    const running = turns.take(() => first.promise, signal);
    const impatient = new AbortController();
    const waiting = turns.take(() => expect.fail('it was not its turn'), impatient.signal);
    const patient = turns.take(async () => 'done', signal);
    impatient.abort(new Error('too long'));
    await expect(waiting).rejects.toThrow('too long');
    first.resolve();
    await running;
    expect(await patient).toBe('done');
  });
});
