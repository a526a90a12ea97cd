import type { BlockId } from '../../backend.ts';
import { grandpaProof } from '../../consensus/grandpa.ts';
import type { Hash } from '../../header.ts';
import type { ChainAccess } from '../chain-access.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import { ROLE_BITS, type Role } from '../messages/announcements.ts';
import { decodeFinalityMessage, encodeCommit, encodeNeighbor, roundOf } from '../messages/finality.ts';
import type { Peer, Peers } from '../peers.ts';
import { nextFinal } from '../provable.ts';
import type { NotificationProtocol, Notifier } from '../wire/notifications.ts';
import { requirePeer } from './transactions.ts';

export interface FinalityParts {
  readonly chain: ChainAccess;
  readonly peers: Peers;
  readonly role: Role;
  readonly protocol: string;
  readonly news: LightNews;
  /** A peer says that this block is final. */
  readonly onCommit: (peer: string, target: Hash) => Promise<void>;
}

/** The newest final block that light clients may hear of. */
export interface LightNews {
  block: BlockId;
}

/**
 * grandpa: which blocks are final, with the proof. A full node takes the proof along with the block; a light one has it from
 * here: set by set, since it tells how far it is and cannot verify what is behind the set that it knows.
 */
export function finalityProtocol(parts: FinalityParts): NotificationProtocol {
  const { chain, peers, role, protocol, news, onCommit } = parts;
  return {
    protocol,
    maxBytes: MESSAGE_BYTES.finality,
    handshake: () => Uint8Array.of(ROLE_BITS[role]),
    greet: (peer) => requirePeer(peers, peer),
    onOpen(id, send) {
      const peer = peers.get(id);
      const isLight = peer?.role === 'light';
      const messages = isLight
        ? messagesForLight(chain, peer, news.block)
        : messagesOf(chain, chain.finalized());
      for (const message of messages) send(message);
    },
    async onMessage(id, message, send) {
      const said = decodeFinalityMessage(message);
      if (said.type === 'commit') return onCommit(id, said.target);
      const peer = peers.get(id);
      if (said.type !== 'neighbor' || !peer) return;
      peer.finalized = said.neighbor.finalizedNumber;
      if (peer.role === 'light') for (const each of messagesForLight(chain, peer, news.block)) send(each);
    },
    onGone: () => undefined,
  };
}

/**
 * How long light clients wait for the news. They check a transaction on the newest block before they pass it on, and smoldot
 * can do that only as long as it does not know that this block is final: told at once, it would never pass any on.
 */
const LIGHT_DELAY_MS = 2_000;

export interface FinalityTeller {
  tell(block: BlockId): void;
  stop(): void;
}

/** Tells all peers which blocks are final. */
export function finalityTeller(
  { chain, peers, news }: Pick<FinalityParts, 'chain' | 'peers' | 'news'>,
  notifier: Notifier,
): FinalityTeller {
  const waiting = new Set<NodeJS.Timeout>();

  function send({ id }: Peer, messages: readonly Uint8Array[]): void {
    for (const message of messages) notifier.send(id, message);
  }

  return {
    tell(block) {
      const messages = messagesOf(chain, block);
      for (const peer of peers.full()) send(peer, messages);
      const timer = setTimeout(() => {
        waiting.delete(timer);
        news.block = block;
        for (const peer of peers.light()) send(peer, messagesForLight(chain, peer, block));
      }, LIGHT_DELAY_MS);
      waiting.add(timer);
    },
    stop() {
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

/** How far this node is, and what brings the peer on; nothing when it is there. */
function messagesForLight(chain: ChainAccess, { finalized = 0 }: Peer, newest: BlockId): Uint8Array[] {
  const next = nextFinal(chain, finalized, newest);
  if (!next) return [];
  const [neighbor, commit] = messagesOf(chain, newest);
  const first = next === newest ? commit : messagesOf(chain, next)[1];
  return [neighbor, first].filter((message) => message !== undefined);
}

function messagesOf(chain: ChainAccess, { hash, number }: BlockId): Uint8Array[] {
  const proof = grandpaProof(chain.justification(hash));
  const setId = chain.validatorSet(hash);
  if (!proof || setId === undefined) return [];
  return [
    encodeNeighbor({ round: roundOf(proof), setId, finalizedNumber: number }),
    encodeCommit(proof, setId),
  ];
}
