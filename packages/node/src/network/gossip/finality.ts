import type { BlockId } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import type { ChainAccess } from '../chain-access.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import { ROLE_BITS, type Role } from '../messages/announcements.ts';
import { decodeFinalityMessage, encodeCommit, encodeNeighbor, roundOf } from '../messages/finality.ts';
import type { Peer, Peers } from '../peers.ts';
import type { NotificationProtocol, Notifier } from '../wire/notifications.ts';
import { requirePeer } from './transactions.ts';

export interface FinalityParts {
  readonly chain: ChainAccess;
  readonly peers: Peers;
  readonly role: Role;
  readonly protocol: string;
  /** A peer says that this block is final. */
  readonly onCommit: (peer: string, target: Hash) => Promise<void>;
}

/**
 * grandpa: which blocks are final, with the proof. A full node takes the proof along with the block; a light one has it from
 * here.
 */
export function finalityProtocol({
  chain,
  peers,
  role,
  protocol,
  onCommit,
}: FinalityParts): NotificationProtocol {
  return {
    protocol,
    maxBytes: MESSAGE_BYTES.finality,
    handshake: () => Uint8Array.of(ROLE_BITS[role]),
    greet: (peer) => requirePeer(peers, peer),
    onOpen(_peer, send) {
      for (const message of messagesOf(chain, chain.finalized())) send(message);
    },
    async onMessage(peer, message) {
      const said = decodeFinalityMessage(message);
      if (said.type === 'commit') await onCommit(peer, said.target);
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
  { chain, peers }: Pick<FinalityParts, 'chain' | 'peers'>,
  notifier: Notifier,
): FinalityTeller {
  const waiting = new Set<NodeJS.Timeout>();

  function send(to: readonly Peer[], messages: readonly Uint8Array[]): void {
    for (const { id } of to) {
      for (const message of messages) notifier.send(id, message);
    }
  }

  return {
    tell(block) {
      const messages = messagesOf(chain, block);
      send(peers.full(), messages);
      const timer = setTimeout(() => {
        waiting.delete(timer);
        send(peers.light(), messages);
      }, LIGHT_DELAY_MS);
      waiting.add(timer);
    },
    stop() {
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

function messagesOf(chain: ChainAccess, { hash, number }: BlockId): Uint8Array[] {
  const proof = chain.justification(hash)?.proof;
  const setId = chain.validatorSet(hash);
  if (!proof || setId === undefined) return [];
  return [
    encodeNeighbor({ round: roundOf(proof), setId, finalizedNumber: number }),
    encodeCommit(proof, setId),
  ];
}
