import type { Connection, Libp2p } from '@libp2p/interface';
import type { Logger } from '../logger.ts';
import type { ChainAccess } from './chain-access.ts';
import { announce, announcementProtocol } from './gossip/announcements.ts';
import { finalityProtocol, finalityTeller, type LightNews } from './gossip/finality.ts';
import { Propagation, transactionProtocol } from './gossip/transactions.ts';
import { MESSAGE_BYTES, type NetworkLimits } from './limits.ts';
import type { Peers } from './peers.ts';
import { answerBlocks } from './serve/blocks.ts';
import { answerLight } from './serve/light.ts';
import { answerWarp } from './serve/warp.ts';
import { CatchUp } from './sync/catch-up.ts';
import { ChainSync } from './sync/chain-sync.ts';
import { Holdings } from './wire/holdings.ts';
import { Notifier } from './wire/notifications.ts';
import { RequestServer, type ResponderParts } from './wire/requests.ts';

export interface ProtocolParts {
  readonly libp2p: Libp2p;
  readonly chain: ChainAccess;
  readonly peers: Peers;
  readonly role: 'authority' | 'full';
  readonly limits: NetworkLimits;
  /** Peer ids of the bootnodes besides this one. */
  readonly bootnodes: ReadonlySet<string>;
  readonly logger: Logger;
  /** Aborts when the network stops. */
  readonly signal: AbortSignal;
  readonly onFailure: (peer: string, error: unknown) => void;
}

export interface Protocols {
  readonly sync: ChainSync;
  /** Whether this node is far behind its peers. */
  readonly isSyncing: () => boolean;
  /** Whether an author may begin. */
  readonly isCaughtUp: () => boolean;
  /** Makes a peer of a host that this node has dialled. */
  readonly greet: (connection: Connection) => Promise<void>;
  /** Works until the network stops. */
  run(): Promise<void>;
  stop(): void;
}

/** Everything that is spoken, each name behind the hash of the chain's first block: other chains don't even hear it. */
export async function createProtocols(given: ProtocolParts): Promise<Protocols> {
  const parts = { ...given, holdings: new Holdings(given.limits.unfinished) };
  const { chain, peers, role } = parts;
  const name = (protocol: string): string => `/${chain.genesisHash.slice(2)}/${protocol}`;
  const sync = new ChainSync({ ...parts, protocol: name('sync/2') });
  const catchUp = new CatchUp({
    ...parts,
    highest: () => sync.highest,
    isLast: (peer) => sync.isLast(peer),
  });
  const isCaughtUp = (): boolean => catchUp.isDone();
  // An author that has begun is never behind, whatever a peer claims.
  const isSyncing = (): boolean => (role === 'full' || !isCaughtUp()) && sync.isSyncing;
  const onNews = (): void => sync.wake();
  const news = { block: chain.finalized() };
  const gossip: Gossip = {
    announcements: new Notifier(
      parts,
      announcementProtocol({ ...parts, protocol: name('block-announces/1'), onNews }),
    ),
    transactions: new Notifier(
      parts,
      transactionProtocol({ ...parts, protocol: name('transactions/1'), isSyncing }),
    ),
    finality: new Notifier(
      parts,
      finalityProtocol({
        ...parts,
        news,
        protocol: name('grandpa/1'),
        onCommit: (peer, target) => sync.finalize(peer, target),
      }),
    ),
  };
  await serveRequests(parts, name);
  for (const notifier of Object.values(gossip)) await notifier.start();
  return {
    sync,
    isSyncing,
    isCaughtUp,
    greet: (connection) => greet(peers, gossip, connection),
    run: () => sync.run(),
    stop: spread({ ...parts, news }, gossip, isSyncing),
  };
}

type Gossip = Readonly<Record<'announcements' | 'transactions' | 'finality', Notifier>>;

/** Who dials opens all; who is dialled answers each. */
async function greet(peers: Peers, gossip: Gossip, connection: Connection): Promise<void> {
  await gossip.announcements.open(connection);
  if (!peers.get(connection.remotePeer.toString())) return;
  await Promise.all([gossip.transactions.open(connection), gossip.finality.open(connection)]);
}

/** Tells peers what happens here, until the answer is called. */
function spread(
  { chain, peers, news }: ProtocolParts & { readonly news: LightNews },
  gossip: Gossip,
  isSyncing: () => boolean,
): () => void {
  // Old blocks that are being caught up with are news to nobody.
  const unlessSyncing = (tell: () => void): void => {
    if (!isSyncing()) tell();
  };
  const finality = finalityTeller({ chain, peers, news }, gossip.finality);
  const propagation = new Propagation(peers, gossip.transactions);
  const removals = [
    chain.onBlock((block) => unlessSyncing(() => announce({ chain, peers }, gossip.announcements, block))),
    chain.onFinalized((block) => unlessSyncing(() => finality.tell(block))),
    () => finality.stop(),
    chain.onTransaction((transaction) => propagation.add(transaction)),
    () => propagation.stop(),
  ];
  return () => removals.forEach((remove) => remove());
}

async function serveRequests(
  parts: ResponderParts & Pick<ProtocolParts, 'chain' | 'peers'>,
  name: (protocol: string) => string,
): Promise<void> {
  const { chain, peers } = parts;
  const server = new RequestServer(parts);
  await server.serve({
    protocol: name('sync/2'),
    maxRequestBytes: MESSAGE_BYTES.syncRequest,
    answer: (request, peer) => answerBlocks(chain, request, peers.get(peer)),
  });
  await server.serve({
    protocol: name('sync/warp'),
    maxRequestBytes: MESSAGE_BYTES.warpRequest,
    answer: (request) => answerWarp(chain, request),
  });
  await server.serve({
    protocol: name('light/2'),
    maxRequestBytes: MESSAGE_BYTES.lightRequest,
    answer: (request) => answerLight(chain, request),
  });
}
