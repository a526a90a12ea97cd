import type { BlockId } from '../../backend.ts';
import type { ChainAccess } from '../chain-access.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import { ROLE_BITS, type Role } from '../messages/announcements.ts';
import { decodeFinalityMessage, encodeCommit, encodeNeighbor, roundOf } from '../messages/finality.ts';
import type { Peers } from '../peers.ts';
import type { NotificationProtocol, Notifier } from '../wire/notifications.ts';
import { requirePeer } from './transactions.ts';

export interface FinalityParts {
  readonly chain: ChainAccess;
  readonly peers: Peers;
  readonly role: Role;
  readonly protocol: string;
  /** Something was learnt about what peers have. */
  readonly onNews: () => void;
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
  onNews,
}: FinalityParts): NotificationProtocol {
  return {
    protocol,
    maxBytes: MESSAGE_BYTES.finality,
    handshake: () => Uint8Array.of(ROLE_BITS[role]),
    greet: (peer) => requirePeer(peers, peer),
    onOpen(_peer, send) {
      for (const message of messagesOf(chain, chain.finalized())) send(message);
    },
    onMessage(_peer, message) {
      if (decodeFinalityMessage(message).type === 'commit') onNews();
    },
    onGone: () => undefined,
  };
}

/** Tells all peers that a block is final. */
export function tellFinal(
  { chain, peers }: Pick<FinalityParts, 'chain' | 'peers'>,
  notifier: Notifier,
  block: BlockId,
) {
  const messages = messagesOf(chain, block);
  for (const { id } of peers.all()) {
    for (const message of messages) notifier.send(id, message);
  }
}

function messagesOf(chain: ChainAccess, { hash, number }: BlockId): Uint8Array[] {
  const justification = chain.justification(hash);
  if (!justification) return [];
  const [setId, round] = [chain.authoritySet(hash), roundOf(justification)];
  return [encodeNeighbor({ round, setId, finalizedNumber: number }), encodeCommit(justification, setId)];
}
