import { connect, type ChainClient } from '@hamster/chain-client';
import { lockHome, openAccount, sentenceOf, type DaemonContext, type Logger } from '@hamster/daemon';
import {
  createGatewayHost,
  loadOrCreateIdentity,
  RELAY_LIMITS,
  swarmKeyOption,
  type GatewayHost,
} from '@hamster/p2p';
import { LiveEvents } from '@hamster/daemon-api';
import { join } from 'node:path';
import { followProviders } from './access/provider-list.ts';
import { keepChainSession, type ChainSession } from './chain/chain-session.ts';
import type { GatewayChain } from './chain/gateway-chain.ts';
import { rpcGatewayChain } from './chain/rpc-gateway-chain.ts';
import { checkConfig } from './check-config.ts';
import { stakeOf, type Config } from './config.ts';
import { openChangedSettings, type ChangedSettings } from './api/changed-settings.ts';
import type { ApiModules } from './api/modules.ts';
import { serveApi } from './api/serve-api.ts';
import { claimForm, claimIn, limitsForm, limitsIn } from './api/settings-forms.ts';
import { planckOf } from './ham.ts';
import { limitsOf } from './limits.ts';
import { pulse, type Pulse } from './pulse.ts';
import { startClaiming, type ClaimSettings, type Claiming } from './rewards/claiming.ts';
import { VERSION } from './version.ts';
import { entryAddresses } from './registration/entry-addresses.ts';
import { leave, stayRegistered } from './registration/stay-registered.ts';
import { followCertificate, type FollowOptions } from './tls/follow-certificate.ts';
import { hostsOf, loadCertificate } from './tls/load-certificate.ts';
import { logTraffic } from './traffic-log.ts';

/** The part of the daemon context that does not depend on the schema's type. */
type Context = Pick<DaemonContext<never>, 'log' | 'lifecycle' | 'signal'> & { readonly config: Config };

const CONNECT_TIMEOUT_MS = 10_000;

/** The composition root: each service gets what it uses, and starts after it. */
export async function start(context: Context): Promise<void> {
  const { config, log, lifecycle, signal } = context;
  checkConfig(config);
  await lifecycle.start({
    name: 'home',
    start: () => lockHome(config.home),
    stop: (lock) => lock.release(),
  });
  const session = await chainSession(context);
  const { chain: identityOfChain } = await session.client(signal);
  const account = await openAccount(config, identityOfChain.type);
  const chain = rpcGatewayChain(session.client, account);
  const changed = await changedSettings(config);
  const host = await relayHost(context, chain, changed);
  const addresses = entryAddresses({
    announce: config.announce,
    listening: host.addresses(),
    chainType: identityOfChain.type,
  });
  const events = new LiveEvents();
  const live = pulse(Date.now, (event, data) => events.publish(event, data));
  await register(context, { chain, pulse: live }, { peerId: host.peerId, multiaddrs: addresses });
  const claiming = await claimRewards(context, { chain, pulse: live }, changed);
  const modules: ApiModules = {
    version: VERSION,
    account: account.address,
    addresses,
    region: config.region,
    chain,
    host,
    pulse: live,
    claiming,
    changed,
  };
  await serveApi({ ...context, events, modules });
  log.info({ account: account.address, peer: host.peerId, addresses }, 'relaying');
}

function chainSession({ config, log, lifecycle }: Context): Promise<ChainSession> {
  return lifecycle.start({
    name: 'chain',
    start: ({ fail }) => keepChainSession({ connect: (signal) => connectChecked(config, signal), log, fail }),
    stop: (session) => session.stop(),
  });
}

/** A chain that takes the place of another must allow the account, too. */
async function connectChecked(config: Config, signal: AbortSignal): Promise<ChainClient> {
  const client = await connect(config.chain, { signal, timeoutMs: CONNECT_TIMEOUT_MS });
  try {
    if (config.devAccount !== undefined) await openAccount(config, client.chain.type);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** What requests have changed in former lives of this daemon. */
function changedSettings(config: Config): Promise<ChangedSettings> {
  return openChangedSettings(join(config.home, 'settings.json'), {
    limits: limitsForm({ ...RELAY_LIMITS, ...limitsOf(config) }),
    claim: claimForm(claimingOf(config)),
  });
}

async function relayHost(
  { config, log, lifecycle }: Context,
  chain: GatewayChain,
  changed: ChangedSettings,
): Promise<GatewayHost> {
  const identity = await loadOrCreateIdentity(join(config.home, 'peer.key'));
  const providers = await lifecycle.start({
    name: 'providers',
    start: () => followProviders({ read: chain.providers, log }),
    stop: (list) => list.stop(),
  });
  const certificate = await certificateOf(config);
  const { listen, announce } = config;
  const host = await lifecycle.start({
    name: 'relay',
    start: async () =>
      createGatewayHost({
        ...{ identity, listen, announce },
        ...(certificate && { certificate: certificate.current }),
        ...(await swarmKeyOption(config.swarmKey)),
        // Whoever holds a reservation is a provider; clients are known to the provider alone.
        relay: {
          acl: { mayReserve: providers.has, mayRelay: () => true },
          limits: { ...limitsOf(config), ...limitsIn(changed.current()) },
        },
      }),
    stop: (open) => open.stop(),
  });
  if (certificate) {
    await lifecycle.start({
      name: 'certificate',
      start: () => followCertificate({ ...certificate, log, onRenewed: host.renewCertificate }),
      stop: (stop) => stop(),
    });
  }
  providers.onRead(() => dropFormerProviders(host, log));
  await lifecycle.start({
    name: 'traffic log',
    start: () => logTraffic(host.relay, log),
    stop: (stop) => stop(),
  });
  return host;
}

/** Where no certificate is named, nothing listens that would show one. */
async function certificateOf({
  tls: { cert, key },
  announce,
}: Config): Promise<Pick<FollowOptions, 'files' | 'hosts' | 'current'> | undefined> {
  if (cert === undefined || key === undefined) return undefined;
  const files = { cert, key };
  const hosts = hostsOf(announce);
  return { files, hosts, current: await loadCertificate(files, hosts, Date.now()) };
}

function dropFormerProviders({ relay }: GatewayHost, log: Logger): void {
  relay.recheck().then(
    (peers) => peers.length > 0 && log.info({ peers }, 'providers no more; their connections are cut'),
    (error: unknown) => log.warn({ reason: sentenceOf(error) }, 'could not check the reservations'),
  );
}

interface OnChain {
  readonly chain: GatewayChain;
  readonly pulse: Pulse;
}

async function register(
  { config, log, lifecycle }: Context,
  { chain, pulse }: OnChain,
  endpoint: { readonly peerId: string; readonly multiaddrs: readonly string[] },
): Promise<void> {
  const entry = { ...endpoint, region: config.region, stake: stakeOf(config) };
  const modules = { chain, log, entry, pulse };
  await lifecycle.start({
    name: 'registration',
    start: () => {
      const ending = new AbortController();
      return { ending, staying: stayRegistered(modules, ending.signal) };
    },
    stop: async ({ ending, staying }) => {
      ending.abort();
      await staying;
      if (!config.stayRegistered) await leave(modules);
    },
  });
}

function claimRewards(
  { config, log, lifecycle }: Context,
  { chain, pulse }: OnChain,
  changed: ChangedSettings,
): Promise<Claiming> {
  const settings = { ...claimingOf(config), ...claimIn(changed.current()) };
  const modules = { chain, log, onClaim: pulse.claim };
  return lifecycle.start({
    name: 'rewards',
    start: () => startClaiming(modules, settings),
    stop: (claiming) => claiming.stop(),
  });
}

function claimingOf({ claim: { auto, minutes, atLeast } }: Config): ClaimSettings {
  return { auto, minutes, atLeast: planckOf(atLeast) };
}
