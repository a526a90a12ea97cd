import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { createLogger, Lifecycle } from '@hamster/daemon';
import { apiService, LiveEvents, processMetrics, type DaemonApi } from '@hamster/daemon-api';
import { onTestFinished } from 'vitest';
import { CliError } from '../../src/cli/errors.ts';
import { ForwardBook } from '../../src/daemon/forwards.ts';
import { LeaseKeeper } from '../../src/daemon/keeper.ts';
import { daemonRoutes } from '../../src/daemon/routes.ts';

const LEASE = { id: 7, status: 'Active', image: 'tiny', endsAt: 5, pricePerHour: 10n };
export const FACTS = { version: '1', chain: 'ws://x', genesisHash: '0x00', address: 'me' };
const SETTINGS = {
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  exposed: false,
  names: [],
  origins: [],
  openMetrics: false,
};

export interface ServedDaemon {
  readonly api: DaemonApi;
  readonly book: ForwardBook;
}

/** The API of a renter's daemon with one lease, whose machine nobody reaches; until the test ends. */
export async function serveDaemon(): Promise<ServedDaemon> {
  const log = createLogger({ name: 'test', level: 'silent', json: true, output: { write: () => undefined } });
  const home = await mkdtemp(join(tmpdir(), 'hamster-routes-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const lifecycle = new Lifecycle({ log });
  onTestFinished(() => lifecycle.stop());
  const tunnel = async () => duplexPair()[0];
  const book = new ForwardBook({ path: join(home, 'forwards.json'), log, tunnel, onChange: () => undefined });
  onTestFinished(() => book.stop());
  const routes = daemonRoutes({
    keeper: await keeperOfOne(),
    forwards: book,
    facts: { ...FACTS, isChainConnected: () => true, extension: () => ({ cap: 9n, spent: 0n }) },
    sshCommand: async ({ local, remote }) => {
      if (remote !== 22) throw new CliError('NO_KEY', 'The machine has no key.');
      return `ssh -p ${local} root@127.0.0.1`;
    },
  });
  const info = { title: 'Test', description: 'Test', version: '1' };
  const registry = processMetrics();
  const events = new LiveEvents();
  const api = await lifecycle.start(
    apiService({ settings: SETTINGS, home, info, log, registry, events, routes }),
  );
  return { api, book };
}

async function keeperOfOne(): Promise<LeaseKeeper> {
  const keeper = new LeaseKeeper({
    chain: { leasesOf: async () => [LEASE as never] },
    address: 'me',
    openSession: async () => ({}) as never,
    connect: () => Promise.reject(new TypeError('no gateway')),
    now: () => 5,
    onChange: () => undefined,
    onEnd: () => undefined,
  });
  await keeper.refresh(AbortSignal.timeout(10_000));
  return keeper;
}
