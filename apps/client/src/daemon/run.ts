import { join } from 'node:path';
import type { ChainClient } from '@hamster/chain-client';
import { Lifecycle, type Logger, type Service } from '@hamster/daemon';
import { apiService, LiveEvents, processMetrics, type ApiSettings } from '@hamster/daemon-api';
import type { Host } from '@hamster/p2p';
import { clientHost, knownSession, openSession, placeOf } from '../access/open-session.ts';
import type { Context } from '../cli/context.ts';
import { hostEntryFor, throughForward } from '../ssh/host-entry.ts';
import { directoryOf, openDoor } from './door.ts';
import { Extender } from './extender.ts';
import { ForwardBook, type OpenForward } from './forwards.ts';
import { LeaseKeeper } from './keeper.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { machineLink } from './link.ts';
import { offerPage } from './page-link.ts';
import { daemonRoutes, leaseBody } from './routes.ts';
import type { ExtensionTerms, ForwardTerms } from './terms.ts';
import { watchLeases } from './watch.ts';

/** Whom every image of ours lets in. */
const LOGIN = 'root';

export interface DaemonOptions {
  readonly context: Context;
  readonly log: Logger;
  readonly version: string;
  readonly api: ApiSettings;
  /** A market page to offer a link for, which opens it connected with this daemon. */
  readonly page: string | undefined;
  readonly forwards: readonly ForwardTerms[];
  /** Absent: nothing is extended, and the key is let go of once the grants are signed. */
  readonly extension: ExtensionTerms | undefined;
}

/** The renter's daemon: runs until the context's signal. Resolves when all is stopped; rejects with what it died of. */
export async function runRenterDaemon(options: DaemonOptions): Promise<void> {
  const { context, log } = options;
  const lifecycle = new Lifecycle({ log });
  try {
    await startAll(options, lifecycle);
    log.info('ready');
    const stopped = Promise.withResolvers<undefined>();
    context.signal.addEventListener('abort', () => stopped.resolve(undefined), { once: true });
    if (context.signal.aborted) stopped.resolve(undefined);
    const died = await Promise.race([lifecycle.died, stopped.promise]);
    if (died) throw died;
  } finally {
    await lifecycle.stop();
    log.info('stopped');
  }
}

async function startAll(options: DaemonOptions, lifecycle: Lifecycle): Promise<void> {
  const { context, log, extension } = options;
  const chain = await context.chain();
  const account = await context.account();
  const place = await placeOf(context);
  const directory = directoryOf(context.settings.home);
  const events = new LiveEvents();
  const host = await lifecycle.start(hostService(context));
  const keeper = new LeaseKeeper({
    chain,
    address: account.address,
    openSession: (id) => openSession(context, id),
    connect: (session) => machineLink(host, session),
    now: Date.now,
    onChange: (kept) => {
      const { lease, connection, machine, why } = kept;
      log.info({ lease: lease.id, connection, machine }, why ?? 'connection changed');
      events.publish('lease', leaseBody(kept));
    },
    onEnd: (id) =>
      void forwards.closeLease(id).catch((error: unknown) => log.warn({ err: error }, 'a forward stays')),
  });
  const tunnel = keeper.tunnel.bind(keeper);
  const forwards = new ForwardBook({
    path: join(directory, 'forwards.json'),
    log,
    tunnel,
    onChange: () => events.publish('forwards', forwards.list()),
  });
  await lifecycle.start({
    name: 'door',
    start: () => openDoor({ place, tunnel }),
    stop: (door) => door.close(),
  });
  const ledger = await openLedger(
    join(directory, 'extensions.json'),
    `${chain.chain.genesisHash} ${account.address}`,
  );
  const publish = events.publish.bind(events);
  const extender = extension && new Extender({ chain, account, terms: extension, ledger, log, publish });
  if (extender) await account.unlock();
  await lifecycle.start(watchLeases({ chain, keeper, extender, log, publish, settings: context.settings }));
  if (!extender) account.lock();
  await lifecycle.start({
    name: 'forwards',
    start: () => forwards.restore(options.forwards),
    stop: () => forwards.stop(),
  });
  await startApi(options, { lifecycle, chain, ledger, keeper, forwards, events, directory });
}

interface ApiParts {
  readonly lifecycle: Lifecycle;
  readonly chain: ChainClient;
  readonly ledger: Ledger;
  readonly keeper: LeaseKeeper;
  readonly forwards: ForwardBook;
  readonly events: LiveEvents;
  readonly directory: string;
}

async function startApi(
  { context, log, version, api, page, extension }: DaemonOptions,
  { lifecycle, chain, ledger, keeper, forwards, events, directory }: ApiParts,
): Promise<void> {
  if (!api.enabled) return;
  const { address } = await context.account();
  const facts = {
    version,
    chain: context.settings.chain,
    genesisHash: chain.chain.genesisHash,
    address,
    isChainConnected: () => chain.state() === 'connected',
    extension: () => extension && { cap: extension.cap, spent: ledger.spent() },
  };
  const info = { title: 'hamster daemon', description: 'The renter’s daemon on this computer', version };
  const sshCommand = async ({ lease, local }: OpenForward): Promise<string> =>
    throughForward(await hostEntryFor(context, await knownSession(context, lease), LOGIN), local);
  const routes = daemonRoutes({ keeper, forwards, facts, sshCommand });
  const registry = processMetrics();
  const { url, tokenPath } = await lifecycle.start(
    apiService({ settings: api, home: directory, info, log, registry, events, routes }),
  );
  if (page !== undefined) await offerPage(page, { url, tokenPath }, { ...context, log });
}

function hostService(context: Context): Service<Host> {
  return {
    name: 'network',
    start: () => clientHost(context.settings),
    stop: (host) => host.stop(),
  };
}
