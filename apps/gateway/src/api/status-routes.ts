import { Type, type Static } from '@hamster/daemon';
import type { ApiApp } from '@hamster/daemon-api';
import { hamText } from '../ham.ts';
import { Bytes, Count, Ham, Time } from './forms.ts';
import type { ApiModules } from './modules.ts';

const Status = Type.Object({
  version: Type.String(),
  peerId: Type.String(),
  account: Type.String({ description: 'SS58' }),
  addresses: Type.Array(Type.String(), { description: 'Multiaddrs as on chain' }),
  region: Type.String(),
  startedAt: Time('When the daemon started'),
  entry: Type.Union(
    [
      Type.Object({
        status: Type.String({ description: 'Online, Offline or Dropped' }),
        stake: Ham('At stake'),
        lastHeartbeat: Time('The last one on chain'),
      }),
      Type.Null(),
    ],
    { description: 'What the chain has; null when it has nothing, or cannot be asked now' },
  ),
  heartbeats: Count('Sent since the start'),
  chainFailures: Count('Looks at the chain that failed since the start'),
  connections: Count('Connections of peers now'),
  reservations: Count('Providers that are reached through this gateway'),
  circuits: Count('Relayed connections now'),
  relayedBytes: Count('Since the start'),
  bufferedBytes: Count('Waiting for slow readers now'),
});

const Reservations = Type.Array(
  Type.Object({
    peer: Type.String(),
    address: Type.String({ description: 'Where it came from' }),
    since: Time('When it was made'),
    expiresAt: Time('When it ends unless it is refreshed'),
    circuits: Count('Relayed connections to it now'),
    bytes: Bytes,
  }),
);

const Peers = Type.Array(Type.Object({ peer: Type.String(), asSource: Bytes, asHolder: Bytes }), {
  description: 'Those with the most bytes first; of some thousands of peers at most',
});

const MAX_PEERS = 1000;
const DEFAULT_PEERS = 100;
/** The chain is not waited for. */
const READ_MS = 5_000;
const NOTHING = { in: 0, out: 0 };

export function addStatusRoutes(app: ApiApp, modules: ApiModules): void {
  const { host } = modules;
  const tags = ['relay'];
  app.get('/status', {
    schema: { summary: 'What the gateway is and does', tags, response: { 200: Status } },
    handler: () => statusOf(modules),
  });
  app.get('/reservations', {
    schema: { summary: 'Providers that are reached through it', tags, response: { 200: Reservations } },
    handler: async () => {
      const traffic = host.relay.traffic();
      return host.relay.reservations().map((reservation) => ({
        ...reservation,
        circuits: host.relay.circuits({ destination: reservation.peer }),
        bytes: traffic.get(reservation.peer)?.asHolder ?? NOTHING,
      }));
    },
  });
  app.get('/peers', {
    schema: {
      summary: 'What was relayed for whom',
      tags,
      querystring: Type.Object({
        limit: Type.Optional(
          Type.Integer({ minimum: 1, maximum: MAX_PEERS, description: 'How many; 100 unless given' }),
        ),
      }),
      response: { 200: Peers },
    },
    handler: async ({ query }) => {
      const peers = [...host.relay.traffic()].map(([peer, traffic]) => ({ peer, ...traffic }));
      return peers.sort((a, b) => bytesOf(b) - bytesOf(a)).slice(0, query.limit ?? DEFAULT_PEERS);
    },
  });
}

function bytesOf({ asSource, asHolder }: Static<typeof Peers>[number]): number {
  return asSource.in + asSource.out + asHolder.in + asHolder.out;
}

async function statusOf(modules: ApiModules): Promise<Static<typeof Status>> {
  const { version, account, addresses, region, host, pulse } = modules;
  const { startedAt, heartbeats, failures } = pulse.state();
  return {
    version,
    peerId: host.peerId,
    account,
    addresses: [...addresses],
    region,
    startedAt,
    entry: await entryOf(modules),
    heartbeats,
    chainFailures: failures,
    connections: host.libp2p.getConnections().length,
    reservations: host.relay.reservations().length,
    circuits: host.relay.circuits(),
    relayedBytes: host.relay.relayedBytes(),
    bufferedBytes: host.relay.bufferedBytes(),
  };
}

async function entryOf({ chain }: ApiModules): Promise<Static<typeof Status>['entry']> {
  try {
    const entry = await chain.registered(AbortSignal.timeout(READ_MS));
    if (!entry) return null;
    return { status: entry.status, stake: hamText(entry.stake), lastHeartbeat: entry.lastHeartbeat };
  } catch {
    return null;
  }
}
