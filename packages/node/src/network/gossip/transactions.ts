import { blake2b256 } from '@hamster/crypto';
import { hashText } from '../../hash.ts';
import { badSignature, PoolError } from '../../pool/errors.ts';
import type { AcceptedTransaction, ChainAccess } from '../chain-access.ts';
import { NetworkError } from '../errors.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import { decodeTransactions, encodeTransactions } from '../messages/transactions.ts';
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

/** Tells all full nodes of an extrinsic that they are not known to know. */
export function propagate(peers: Peers, notifier: Notifier, { extrinsic, hash }: AcceptedTransaction): void {
  const message = encodeTransactions([extrinsic]);
  for (const { id, knownTransactions } of peers.full()) {
    if (!knownTransactions.has(hash) && notifier.send(id, message)) knownTransactions.add(hash);
  }
}

/** Notes that the peer knows them all from now on. */
function unknownTo({ knownTransactions }: Peer, extrinsics: readonly Uint8Array[]): Uint8Array[] {
  return extrinsics.filter((extrinsic) => {
    const hash = hashText(blake2b256(extrinsic));
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
    if (size < ENOUGH_BYTES) continue;
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
