import { createLogger, Lifecycle } from '@hamster/daemon';
import { LiveEvents } from '@hamster/daemon-api';
import { createGatewayHost, createHost, createIdentity, dialProvider } from '@hamster/p2p';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { openChangedSettings } from '../src/api/changed-settings.ts';
import type { ApiModules } from '../src/api/modules.ts';
import { serveApi } from '../src/api/serve-api.ts';
import { claimForm, limitsForm } from '../src/api/settings-forms.ts';
import { pulse } from '../src/pulse.ts';
import { startClaiming } from '../src/rewards/claiming.ts';
import { entry, FakeChain, silent } from './support.ts';

export const HAM = 10n ** 12n;
const settings = {
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  exposed: false,
  names: [],
  origins: [],
  openMetrics: false,
};

/** A gateway's API, with a relay behind it and a chain in memory. */
export async function serve() {
  const home = await mkdtemp(join(tmpdir(), 'hamster-gateway-api-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const listen = ['/ip4/127.0.0.1/tcp/0'];
  const acl = { mayReserve: () => true, mayRelay: () => true };
  const host = await createGatewayHost({ identity: await createIdentity(), listen, relay: { acl } });
  onTestFinished(() => host.stop());
  const chain = new FakeChain();
  chain.now = { ...entry, stake: 200n * HAM, status: 'Online', lastHeartbeat: 77, droppedAt: undefined };
  const logged: string[] = [];
  const log = createLogger({
    name: 'test',
    level: 'trace',
    json: true,
    output: { write: (line) => logged.push(line) },
  });
  const events = new LiveEvents();
  const live = pulse(
    () => 5000,
    (event, data) => events.publish(event, data),
  );
  const claiming = startClaiming(
    { chain, log: silent, onClaim: live.claim },
    { auto: false, minutes: 30, atLeast: HAM },
  );
  const { multiaddrs: addresses, region } = entry;
  const modules: ApiModules = {
    version: '1',
    account: 'me',
    addresses,
    region,
    chain,
    host,
    pulse: live,
    claiming,
    changed: await openChangedSettings(join(home, 'settings.json'), {
      limits: limitsForm(host.relay.limits()),
      claim: claimForm(claiming.settings()),
    }),
  };
  const lifecycle = new Lifecycle({ log });
  onTestFinished(() => lifecycle.stop());
  const api = await serveApi({ config: { api: settings, home }, log, lifecycle, events, modules });
  if (!api) return expect.fail('the API is not there');
  const token = (await readFile(api.tokenPath, 'utf8')).trim();
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(api.url + path, {
      ...init,
      headers: {
        authorization: `Bearer ${token}`,
        ...(init.body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(10_000),
    });
  const get = async (path: string): Promise<unknown> => (await ask(path)).json();
  return { host, chain, claiming, live, api, token, ask, get, logged };
}

/** A provider's reservation with that gateway, and a client's circuit to it. */
export async function circuit(host: Awaited<ReturnType<typeof createGatewayHost>>) {
  const [provider, client] = [
    await createHost({ identity: await createIdentity() }),
    await createHost({ identity: await createIdentity() }),
  ];
  onTestFinished(() => provider.stop());
  onTestFinished(() => client.stop());
  await provider.libp2p.dial(host.libp2p.getMultiaddrs());
  await provider.circuits.reserve(host.peerId);
  const gateways = [{ peerId: host.peerId, multiaddrs: host.addresses() }];
  await dialProvider(client, provider, { gateways });
  return { provider: provider.peerId, client: client.peerId };
}
