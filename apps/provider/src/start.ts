import { connect, type ChainClient } from '@hamster/chain-client';
import {
  DaemonError,
  openAccount,
  retry,
  sentenceOf,
  type DaemonContext,
  type KeyringPair,
  type Logger,
} from '@hamster/daemon';
import type { MachineDriver } from '@hamster/machines';
import { createHost, loadOrCreateIdentity, type Host, type Identity } from '@hamster/p2p';
import { join } from 'node:path';
import { serveRenters } from './access/renters.ts';
import { marketChain } from './chain/market-chain.ts';
import { registrar } from './chain/registrar.ts';
import type { Config } from './config.ts';
import { openChoices } from './control/choices.ts';
import { Commands } from './control/commands.ts';
import { MachineGate } from './control/machine-gate.ts';
import { chainHome, openDriver, requireFit } from './driver.ts';
import { beat } from './heartbeat/heartbeat.ts';
import { offeredImages, offeringOf, wantedStake } from './offering.ts';
import { reachable } from './reachable.ts';
import { Reconciler } from './reconciler/reconciler.ts';
import type { MarketChain } from './reconciler/work.ts';
import { register } from './registration/register.ts';
import { timeMarkIn } from './time-mark.ts';
import { keepWarm, warmWishes } from './warm-machines.ts';

/** The part of the daemon context that does not depend on the schema's type. */
type Context = Pick<DaemonContext<never>, 'log' | 'lifecycle' | 'signal'> & { readonly config: Config };

/** The composition root: each service gets what it uses, and starts after it. */
export async function start(context: Context): Promise<void> {
  const { config, log, lifecycle } = context;
  const client = await lifecycle.start({
    name: 'chain',
    start: ({ signal }) => connectWithPatience(config.chain, log, signal),
    stop: (chain) => chain.close(),
  });
  const account = await openAccount(config, client.chain.type);
  const identity = await loadOrCreateIdentity(join(config.home, 'peer.key'));
  const driver = await lifecycle.start({
    name: 'driver',
    start: () => openFitDriver(config, client, log),
    stop: (open) => open.close(),
  });
  const resource = await lifecycle.start({
    name: 'registration',
    start: ({ signal }) => bringToMarket({ config, client, account, identity, driver, log }, signal),
  });
  const chain = marketChain({ client, signer: account, resource });
  const host = await lifecycle.start({
    name: 'p2p',
    start: () => createHost({ identity, listen: config.listen }),
    stop: (open) => open.stop(),
  });
  await serve({ ...context, client, chain, driver, host });
  log.info({ account: account.address, resource, peer: identity.peerId }, 'open for orders');
}

interface Serving extends Context {
  readonly client: ChainClient;
  readonly chain: MarketChain;
  readonly driver: MachineDriver;
  readonly host: Host;
}

async function serve({ config, log, lifecycle, client, chain, driver, host }: Serving): Promise<void> {
  const { genesisHash } = client.chain;
  const ourHome = chainHome(config.home, genesisHash);
  const gate = new MachineGate();
  const choices = await openChoices(join(ourHome, 'choices.json'));
  const commands = new Commands({ driver, gate, choices, images: () => offeredImages(config, driver) });
  const renters = await lifecycle.start({
    name: 'renters',
    start: () => serveRenters({ genesisHash, chain, driver, commands, host, log }),
    stop: (open) => open.close(),
  });
  await lifecycle.start({
    name: 'reservations',
    start: () => reachable({ client, host, log }),
    stop: (keeper) => keeper.stop(),
  });
  await lifecycle.start({
    name: 'reconciler',
    start: async () => {
      const timeMark = timeMarkIn(join(ourHome, 'seen.json'));
      const endLease = (lease: bigint): Promise<void> => {
        renters.closeLease(lease);
        // A disk that is full must not keep the machine that fills it.
        return choices
          .forget(String(lease))
          .catch((error: unknown) => log.warn({ reason: sentenceOf(error) }, 'could not write choices'));
      };
      const reconciler = new Reconciler({ chain, driver, log, now: Date.now, timeMark, gate, endLease });
      const unwatch = await client.watchHeads(() => reconciler.trigger());
      return { reconciler, unwatch };
    },
    stop: async ({ reconciler, unwatch }) => {
      unwatch();
      await reconciler.close();
    },
  });
  await lifecycle.start({
    name: 'heartbeat',
    start: () => {
      const stop = new AbortController();
      const intervalMs = async (): Promise<number> =>
        (await client.parameters()).resourceOrder.heartbeatInterval;
      return { stop, beating: beat({ chain, driver, gate, choices, log, intervalMs }, stop.signal) };
    },
    stop: async ({ stop, beating }) => {
      stop.abort();
      await beating;
    },
  });
  await lifecycle.start({
    name: 'warm machines',
    start: async () => {
      const stop = new AbortController();
      const wishes = await warmWishes(config.warm, driver);
      return { stop, keeping: keepWarm({ driver, wishes, log }, stop.signal) };
    },
    stop: async ({ stop, keeping }) => {
      stop.abort();
      await keeping;
    },
  });
}

/** A node that is not there yet is waited for; a wrong address is told at once. */
function connectWithPatience(url: string, log: Logger, signal: AbortSignal): Promise<ChainClient> {
  return retry(() => connect(url, { signal, timeoutMs: 10_000 }), {
    signal,
    maxMs: 5_000,
    retryable: (error) => error instanceof Error && 'fault' in error && error.fault === 'transient',
    onRetry: (error, waitMs) =>
      log.warn({ reason: sentenceOf(error), waitMs }, 'the chain does not answer yet'),
  });
}

async function openFitDriver(config: Config, { chain }: ChainClient, log: Logger): Promise<MachineDriver> {
  const driver = openDriver(config, chain);
  try {
    await requireFit(driver, config, log);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}

interface Newcomer {
  readonly config: Config;
  readonly client: ChainClient;
  readonly account: KeyringPair;
  readonly identity: Identity;
  readonly driver: MachineDriver;
  readonly log: Logger;
}

/** Makes the chain say what this machine offers; hands back the number of its entry. */
async function bringToMarket(newcomer: Newcomer, signal: AbortSignal): Promise<number> {
  const { config, client, account, identity, driver, log } = newcomer;
  const [chainTime, parameters] = await Promise.all([client.now(), client.parameters()]);
  const offering = await offeringOf(config, driver, { peerId: identity.peerId, chainTime });
  const stake = wantedStake(config, offering.capacity, parameters.provider);
  const chain = registrar(client, account);
  await register({ registrar: chain, offering, stake, log }, signal);
  const { resource } = await chain.registered(identity.peerId, signal);
  if (resource === undefined)
    throw new DaemonError('NOT_REGISTERED', 'The chain took the registration but has no such machine.');
  return resource.id;
}
