import { connect, type ChainClient, type ResourceStatus } from '@hamster/chain-client';
import { lockHome, openAccount, retry, sentenceOf, type DaemonContext, type Logger } from '@hamster/daemon';
import { LiveEvents, type LogTail } from '@hamster/daemon-api';
import type { MachineDriver } from '@hamster/machines';
import { createHost, loadOrCreateIdentity, swarmKeyOption } from '@hamster/p2p';
import { serveApi } from './api/serve-api.ts';
import { startingNode, untilCaughtUp } from './caught-up.ts';
import { marketChain } from './chain/market-chain.ts';
import type { Config } from './config.ts';
import { doctorOf } from './doctor/doctor-of-daemon.ts';
import { openDriver } from './driver.ts';
import { beginFit } from './fitness/begin.ts';
import { FitnessWatch } from './fitness/fitness-watch.ts';
import { chainMarkOf, departureOf, lastWordsIn, peerKeyIn } from './home.ts';
import { lockMachines } from './machines-lock.ts';
import { MarketViews, readMarket, type Whose } from './market/market-view.ts';
import { operatorOf, purseOf } from './operator/open-operator.ts';
import { portTeller } from './port-teller.ts';
import { Pulse } from './pulse.ts';
import { bringToMarket } from './registration/bring-to-market.ts';
import { OfferTurns } from './registration/offer-turns.ts';
import { SelfTests, type SelfTestResult } from './self-tests.ts';
import { serve } from './serve.ts';
import { isTransient } from './transient.ts';
import { VERSION } from './version.ts';

/** The part of the daemon context that does not depend on the schema's type. */
export type Context = Pick<DaemonContext<never>, 'log' | 'lifecycle' | 'signal'> & {
  readonly config: Config;
};

/** The composition root: each service gets what it uses, and starts after it. */
export async function start(context: Context, logs: LogTail): Promise<void> {
  const { config, log, lifecycle } = context;
  await lifecycle.start({
    name: 'home',
    start: () => lockHome(config.home),
    stop: (lock) => lock.release(),
  });
  const client = await startChain(context);
  const mark = chainMarkOf(config.home, client.chain.genesisHash, log);
  // Before anything is staked or served there.
  await untilCaughtUp({ ...context, node: startingNode(client, context.signal), mark });
  const signer = await openAccount(config, client.chain.type);
  const identity = await loadOrCreateIdentity(peerKeyIn(config.home));
  const { peerId } = identity;
  const events = new LiveEvents();
  const pulse = new Pulse(Date.now, (event, data) => events.publish(event, data));
  await lifecycle.start({
    name: 'machines',
    start: () => lockMachines(config, client.chain.genesisHash),
    stop: async (lock) => lock?.release(),
  });
  const { driver, selfTests } = await startDriver(context, client, events);
  const fitness = new FitnessWatch({ driver, settings: config, selfTests, pulse, log });
  const hasLeases = (): Promise<boolean> => leasesRunHere(client, { address: signer.address, peerId });
  await lifecycle.start({
    name: 'self-test',
    start: (service) =>
      beginFit({ watch: fitness, driver, warm: config.warm, hasLeases, log }, service.signal),
  });
  const words = await lastWordsIn(config, client.chain.genesisHash);
  const departure = departureOf(config.home, client.chain.genesisHash);
  const turns = new OfferTurns();
  const newcomer = { config, client, account: signer, peerId, driver, words, departure, fitness, turns, log };
  const resource = await lifecycle.start({
    name: 'registration',
    start: ({ signal }) => bringToMarket(newcomer, signal),
  });
  const host = await lifecycle.start({
    name: 'p2p',
    start: async () => {
      const { listen, announce } = config;
      return createHost({
        ...{ identity, listen, announce },
        ...(mapsPort(config, client) && { mapPort: { onChange: portTeller(pulse, log) } }),
        ...(await swarmKeyOption(config.swarmKey)),
      });
    },
    stop: (open) => open.stop(),
  });
  const chain = marketChain({ client, signer, resource });
  await serve({ ...context, client, chain, driver, host, pulse, newcomer, mark, fitness });
  const whose = { address: signer.address, peerId };
  const market = new MarketViews(() => readMarket(client, whose), performance.now.bind(performance));
  const parts = { config, client, signer, peerId, driver, words, departure, fitness, turns };
  const operator = operatorOf(parts);
  const modules = {
    ...{ version: VERSION, ...whose, client, market, driver, selfTests, pulse, logs, now: Date.now },
    operator,
    purse: purseOf(parts, operator),
    payout: config.payout,
    doctor: doctorOf({
      ...whose,
      client,
      driver,
      selfTests,
      pulse,
      home: config.home,
      swarmKey: config.swarmKey,
      now: Date.now,
    }),
  };
  await serveApi({ config, log, lifecycle, events, modules });
  const { resource: entry } = await market.current();
  log.info({ account: signer.address, resource, peer: peerId }, standingOf(entry?.status));
}

function standingOf(status: ResourceStatus | undefined): string {
  if (status === 'Draining') return 'draining: leases go on, and no order is taken';
  return status === 'Offline'
    ? 'offline until this host is fit: leases go on, and no order is taken'
    : 'open for orders';
}

/** The chain counts those that are suspended or disputed, too. */
async function leasesRunHere(client: ChainClient, { address, peerId }: Whose): Promise<boolean> {
  const resources = await client.resourcesOf(address);
  return resources.some((resource) => resource.peerId === peerId && resource.liveLeases > 0);
}

/** The machines of a development chain are all here. */
function mapsPort({ mapPort }: Config, { chain }: ChainClient): boolean {
  return mapPort && chain.type !== 'Development';
}

/**
 * A connection that is lost comes back by itself; one that cannot, as to a chain that was replaced, ends the process.
 * The first one is waited for without a deadline: after a power cut the node may take hours to be there.
 */
async function startChain({ config, log, lifecycle, signal }: Context): Promise<ChainClient> {
  const client = await connectWithPatience(config.chain, log, signal);
  return lifecycle.start({
    name: 'chain',
    start: ({ fail }) => {
      void client.closed.then((reason) => reason && fail(reason));
      return client;
    },
    stop: (chain) => chain.close(),
  });
}

/** A node that is not there yet is waited for; a wrong address is told at once. */
function connectWithPatience(url: string, log: Logger, signal: AbortSignal): Promise<ChainClient> {
  return retry(() => connect(url, { signal, timeoutMs: 10_000 }), {
    signal,
    maxMs: 5_000,
    retryable: isTransient,
    onRetry: (error, waitMs) =>
      log.warn({ reason: sentenceOf(error), waitMs }, 'the chain does not answer yet'),
  });
}

async function startDriver(
  { config, log, lifecycle }: Context,
  { chain }: ChainClient,
  events: LiveEvents,
): Promise<{ readonly driver: MachineDriver; readonly selfTests: SelfTests }> {
  return lifecycle.start({
    name: 'driver',
    start: () => {
      const driver = openDriver(config, chain, log);
      const onResult = ({ at }: SelfTestResult): void => events.publish('self-test', { at });
      return { driver, selfTests: new SelfTests({ driver, now: Date.now, onResult }) };
    },
    stop: async ({ driver, selfTests }) => {
      await selfTests.close();
      await driver.close();
    },
  });
}
