import { extrinsicHash } from '../../hash.ts';
import { badSignature, PoolError } from '../../pool/errors.ts';
import type { AcceptedTransaction, ChainAccess } from '../chain-access.ts';
import { NetworkError } from '../errors.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import { decodeTransactions, encodeTransactions, MAX_TRANSACTIONS } from '../messages/transactions.ts';
import type { Peer, Peers } from '../peers.ts';
import type { NotificationProtocol, Notifier } from '../wire/notifications.ts';

export interface TransactionParts {
  readonly chain: ChainAccess;
  readonly peers: Peers;
  readonly protocol: string;
  /** While far behind, what is valid cannot be told. */
  readonly isSyncing: () => boolean;
}

const FALSE_SIGNATURE = badSignature().data;

/** Checked at one time, for one peer. */
const BATCH = 64;
/** A message to a new peer ends when it is this long. */
const ENOUGH_BYTES = MESSAGE_BYTES.transactions / 4;
/** ms for which they are gathered: each message counts, and whoever sends too many of them is banned. */
const GATHER = 50;

/** transactions: what one pool takes in, all pools hear of. */
export function transactionProtocol({
  chain,
  peers,
  protocol,
  isSyncing,
}: TransactionParts): NotificationProtocol {
  return {
    protocol,
    maxBytes: MESSAGE_BYTES.transactions,
    handshake: () => new Uint8Array(0),
    greet: (peer) => requirePeer(peers, peer),
    onOpen(id, send) {
      const peer = peers.get(id);
      if (!peer || peer.role === 'light') return;
      for (const batch of batches(unknownTo(peer, chain.pending()))) send(encodeTransactions(batch));
    },
    async onMessage(id, message) {
      const peer = peers.get(id);
      if (!peer || isSyncing()) return;
      const extrinsics = unknownTo(peer, decodeTransactions(message));
      for (let start = 0; start < extrinsics.length; start += BATCH) {
        await Promise.all(extrinsics.slice(start, start + BATCH).map((each) => take(chain, peer, each)));
      }
    },
    onGone: () => undefined,
  };
}

/** Tells all full nodes of extrinsics that they are not known to know, a moment's in one message. */
export class Propagation {
  readonly #peers: Peers;
  readonly #notifier: Notifier;
  #gathered: AcceptedTransaction[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(peers: Peers, notifier: Notifier) {
    this.#peers = peers;
    this.#notifier = notifier;
  }

  add(transaction: AcceptedTransaction): void {
    this.#gathered.push(transaction);
    this.#timer ??= setTimeout(() => this.#send(), GATHER);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    this.#timer = undefined;
    const gathered = this.#gathered;
    this.#gathered = [];
    for (const peer of this.#peers.full()) {
      const news = gathered.filter(({ hash }) => !peer.knownTransactions.has(hash));
      if (this.#tell(peer, news)) for (const { hash } of news) peer.knownTransactions.add(hash);
    }
  }

  /** Whether all of it is on its way. */
  #tell({ id }: Peer, news: readonly AcceptedTransaction[]): boolean {
    const messages = [...batches(news.map(({ extrinsic }) => extrinsic))];
    return messages.every((batch) => this.#notifier.send(id, encodeTransactions(batch)));
  }
}

/** Notes that the peer knows them all from now on. */
function unknownTo({ knownTransactions }: Peer, extrinsics: readonly Uint8Array[]): Uint8Array[] {
  return extrinsics.filter((extrinsic) => {
    const hash = extrinsicHash(extrinsic);
    if (knownTransactions.has(hash)) return false;
    knownTransactions.add(hash);
    return true;
  });
}

/** A pool says no for many reasons that are nobody's fault; only what nobody may send is a fault. */
async function take(chain: ChainAccess, { falseTransactions }: Peer, extrinsic: Uint8Array): Promise<void> {
  try {
    await chain.submit(extrinsic);
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    if (error.code === 'BAD_FORMAT' || error.code === 'TOO_LONG')
      throw new NetworkError('PEER_FALSE', `Not an extrinsic: ${error.message}`);
    if (error.data === FALSE_SIGNATURE && !falseTransactions.take()) {
      throw new NetworkError('PEER_EXCESSIVE', 'Too many transactions with false signatures');
    }
  }
}

function* batches(extrinsics: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let size = 0;
  for (const extrinsic of extrinsics) {
    batch.push(extrinsic);
    size += extrinsic.length;
    if (size < ENOUGH_BYTES && batch.length < MAX_TRANSACTIONS) continue;
    yield batch;
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Only who announces blocks may speak of anything else. */
export function requirePeer(peers: Peers, id: string): void {
  if (!peers.get(id)) throw new NetworkError('PEER_UNWANTED', 'The peer did not say which chain it follows');
}
