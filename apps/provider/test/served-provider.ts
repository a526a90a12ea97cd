import type { Call, Calls, Outcome } from '@hamster/chain-client';
import { createLogger, Lifecycle, type Logger } from '@hamster/daemon';
import { LiveEvents, LogTail, type DaemonApi } from '@hamster/daemon-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ApiModules } from '../src/api/modules.ts';
import { serveApi } from '../src/api/serve-api.ts';
import type { Config } from '../src/config.ts';
import { MarketViews, type MarketView } from '../src/market/market-view.ts';
import { openLastWords } from '../src/operator/last-words.ts';
import { Operator } from '../src/operator/operator.ts';
import { Pulse } from '../src/pulse.ts';
import { Purse } from '../src/purse/purse.ts';
import { OfferTurns } from '../src/registration/offer-turns.ts';
import { SelfTests } from '../src/self-tests.ts';
import { FakeDriver } from './fakes.ts';
import { HAM, market, NOW } from './market-fixture.ts';

const API = {
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  exposed: false,
  names: [],
  origins: [],
  openMetrics: false,
};
const SETTINGS = { price: { core: '0.01', memory: '0.005', disk: '0' }, offer: { region: 'eu', days: 30 } };

/** The provider's API with everything behind it but a chain and a hypervisor: what is sent to the chain is noted. */
export interface ServedProvider {
  readonly api: DaemonApi;
  readonly driver: FakeDriver;
  readonly pulse: Pulse;
  readonly log: Logger;
  readonly sent: unknown[];
  /** What the chain says; may be changed. */
  readonly chain: { view: MarketView; failure: Error | undefined };
  readonly home: string;
}

/** Calls that say what they are, in place of ones that a chain could decode. */
function spokenCalls(): Calls {
  const speak =
    (name: string) =>
    (...args: unknown[]) => [name, ...args];
  const provider = new Proxy({}, { get: (_, name) => speak(String(name)) });
  return {
    provider,
    transfer: speak('transfer'),
    batchAll: speak('batchAll'),
  } as unknown as Calls;
}

/** Serves until the test ends. */
export async function serveProvider(): Promise<ServedProvider> {
  const home = await mkdtemp(join(tmpdir(), 'hamster-provider-contract-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const logs = new LogTail();
  const log = createLogger({
    name: 't',
    level: 'trace',
    json: true,
    output: { write: () => true },
    onLine: logs.push,
  });
  const lifecycle = new Lifecycle({ log });
  onTestFinished(() => lifecycle.stop());
  const chain: ServedProvider['chain'] = { view: market(), failure: undefined };
  const sent: unknown[] = [];
  const driver = new FakeDriver();
  const events = new LiveEvents();
  const pulse = new Pulse(
    () => NOW,
    (event, data) => events.publish(event, data),
  );
  const read = () => (chain.failure ? Promise.reject(chain.failure) : Promise.resolve(chain.view));
  const parts = { ...(await moneyOf({ home, chain, sent, driver, read })), driver, pulse, logs };
  const modules: ApiModules = {
    ...{ version: '1.2.3', address: 'bob', peerId: '12D3KooWpeer', now: () => NOW },
    ...parts,
    client: {
      chain: { name: 'Dev', url: 'ws://node' },
      state: () => (chain.failure ? 'reconnecting' : 'connected'),
    } as unknown as ApiModules['client'],
    market: new MarketViews(read, () => 0),
    payout: { to: '5Mine', keep: '1.5' } as ApiModules['payout'],
    selfTests: new SelfTests({ driver, now: () => NOW, onResult: () => undefined }),
    doctor: () => Promise.resolve([{ name: 'clock', verdict: 'note', detail: 'It is slow.' }]),
  };
  const config = { home, api: API } as unknown as Config;
  const api = await serveApi({ config, log, lifecycle, events, modules });
  return { api: api ?? expect.fail('no API'), driver, pulse, log, sent, chain, home };
}

interface Money extends Pick<ServedProvider, 'home' | 'chain' | 'sent' | 'driver'> {
  readonly read: () => Promise<MarketView>;
}

/** The operator and the purse themselves, on a chain that takes everything. */
async function moneyOf({ home, sent, driver, read }: Money): Promise<Pick<ApiModules, 'operator' | 'purse'>> {
  const outcome = { events: { get: () => ({ amount: 50n * HAM }) } } as unknown as Outcome;
  const submit = async (call: Call): Promise<Outcome> => {
    sent.push(call);
    return outcome;
  };
  const calls = spokenCalls();
  const words = await openLastWords(join(home, 'offer.json'), SETTINGS);
  const turns = new OfferTurns();
  const operator = new Operator({
    turns,
    ...{ calls, words, market: read, hostCapacity: driver.capacity, wantedStake: () => 120n * HAM },
    obstacle: () => undefined,
    submit: async (call) => void (await submit(call)),
  });
  const purse = new Purse({
    turns,
    ...{ calls, submit, market: read, wantedStake: () => 120n * HAM, fee: async () => HAM / 2n },
    drain: (signal) => operator.change({ draining: true }, signal),
    noteLeaving: async () => undefined,
  });
  return { operator, purse };
}
