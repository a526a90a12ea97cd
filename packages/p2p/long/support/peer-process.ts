/** One host of the test bed, in a process of its own: told what to do by its parent, gone when that is gone. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { peerIdFromString } from '@libp2p/peer-id';
import {
  createGatewayHost,
  createHost,
  createIdentity,
  keepReservations,
  serveDirect,
  tunnelClient,
  type GatewayHost,
  type Host,
  type PortMapping,
} from '../../src/index.ts';
import { account, GENESIS, grantFor } from '../../test/support/accounts.ts';
import { fakeMachine, hashSink } from '../../test/support/machines.ts';
import { serveLease7 } from '../../test/support/network.ts';
import type { Init, ProviderInit, Result, Task } from './tasks.ts';

type Work = { [T in Task]: (init: Init<T>) => Promise<Result<T>> };

const state: {
  gateway?: GatewayHost;
  client?: Host;
  served?: Host;
  provider?: string;
  open?: () => Promise<Duplex>;
  held?: { tunnel: Duplex; sent: Buffer; answer: Promise<string> };
} = {};

const search = Promise.withResolvers<string>();
const mapped = Promise.withResolvers<PortMapping>();

const needed = <T>(value: T | undefined): T => {
  if (value === undefined) throw new TypeError('This process plays another part');
  return value;
};

async function becomeProvider({ gateways, listen, announce, mapPort = false }: ProviderInit) {
  const host = await createHost({
    ...{ identity: await createIdentity(), listen, announce },
    ...(mapPort && { mapPort: { onChange: mapped.resolve } }),
  });
  state.served = host;
  const { address } = await account('//Alice');
  const { port } = await fakeMachine(hashSink);
  await serveLease7(host, { renter: address, port });
  await serveDirect(host, {
    genesisHash: GENESIS,
    authorise: async (claim) =>
      claim.lease === 7n && claim.account === address
        ? { ok: true }
        : { ok: false, code: 'NOT_RENTER', message: 'That account does not rent it' },
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const onChange = (held: readonly string[]): void => {
    if (held.length === gateways.length) resolve();
  };
  keepReservations({ host, gateways: () => gateways, want: gateways.length, everyMs: 200, onChange });
  await promise;
  return { peerId: host.peerId };
}

const hashOf = (...parts: Buffer[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

const work: Work = {
  async gateway({ listen, reservationMs }) {
    const relay = {
      acl: { mayReserve: () => true, mayRelay: () => true },
      ...(reservationMs !== undefined && { limits: { reservationMs } }),
    };
    const identity = await createIdentity();
    // libp2p tells a public address that it was not told to announce to nobody, before somebody has confirmed it.
    const announce = listen.endsWith('/tcp/0') ? [] : [listen];
    state.gateway = await createGatewayHost({ identity, listen: [listen], announce, relay });
    return { peerId: state.gateway.peerId, multiaddrs: state.gateway.addresses() };
  },
  provider: becomeProvider,
  async mapping() {
    return mapped.promise;
  },
  async stop() {
    await needed(state.served).stop();
    return {};
  },
  async client({ gateways, provider, grantMs }) {
    const host = await createHost({ identity: await createIdentity() });
    const terms = grantMs === undefined ? {} : { notAfter: Date.now() + grantMs };
    const grant = await grantFor(host.peerId, await account('//Alice'), terms);
    const onSearched = (noWay?: Error): void => search.resolve(noWay?.message ?? '');
    const route = { host, provider: { peerId: provider }, gateways: () => gateways, onSearched };
    const tunnels = tunnelClient(route);
    Object.assign(state, {
      client: host,
      provider,
      open: () => tunnels.open({ grant, lease: 7n, port: 22 }),
    });
    return {};
  },
  async transfer({ bytes }) {
    const data = randomBytes(bytes);
    const tunnel = await needed(state.open)();
    tunnel.end(data);
    return { whole: (await text(tunnel)) === hashOf(data) };
  },
  async hold() {
    const tunnel = await needed(state.open)();
    const sent = randomBytes(100_000);
    tunnel.write(sent);
    state.held = { tunnel, sent, answer: text(tunnel) };
    state.held.answer.catch(() => undefined);
    return {};
  },
  async finish({ bytes }) {
    const { tunnel, sent, answer } = needed(state.held);
    const more = randomBytes(bytes);
    tunnel.end(more);
    return { whole: (await answer) === hashOf(sent, more) };
  },
  async broken() {
    const { tunnel } = needed(state.held);
    const error: unknown = tunnel.errored ?? (await once(tunnel, 'error'))[0];
    return { code: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  },
  async ways() {
    const all = needed(state.client).libp2p.getConnections(peerIdFromString(needed(state.provider)));
    const direct = all.filter((connection) => connection.direct).length;
    return { direct, relayed: all.length - direct };
  },
  async searched() {
    return { noWay: await search.promise };
  },
  async relayed() {
    const { relay } = needed(state.gateway);
    return { bytes: relay.relayedBytes(), circuits: relay.circuits() };
  },
};

interface Order {
  readonly id: number;
  readonly task: Task;
  readonly init: never;
}

process.once('disconnect', () => process.exit());
process.on('message', ({ id, task, init }: Order) => {
  work[task](init).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
  );
});
