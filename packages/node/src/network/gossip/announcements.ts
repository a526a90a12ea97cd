import type { Connection } from '@libp2p/interface';
import type { BlockEvent } from '../../backend.ts';
import type { ChainAccess } from '../chain-access.ts';
import { NetworkError } from '../errors.ts';
import { MESSAGE_BYTES } from '../limits.ts';
import {
  decodeAnnouncement,
  decodeHandshake,
  encodeAnnouncement,
  encodeHandshake,
  type Handshake,
  type Role,
} from '../messages/announcements.ts';
import type { Peers } from '../peers.ts';
import type { NotificationProtocol, Notifier } from '../wire/notifications.ts';

export interface AnnouncementParts {
  readonly chain: ChainAccess;
  readonly peers: Peers;
  readonly role: Role;
  readonly protocol: string;
  /** Something was learnt about what peers have. */
  readonly onNews: () => void;
}

/** block-announces: who is there, and which blocks they have. It makes a connected host a peer. */
export function announcementProtocol(parts: AnnouncementParts): NotificationProtocol {
  const { chain, peers, role, protocol, onNews } = parts;
  return {
    protocol,
    maxBytes: MESSAGE_BYTES.announcement,
    onOpen: () => undefined,
    handshake() {
      const { number: bestNumber, hash: bestHash } = chain.best();
      return encodeHandshake({ role, bestNumber, bestHash, genesisHash: chain.genesisHash });
    },
    greet(_peer, message, connection) {
      join(parts, decodeHandshake(message), connection);
      onNews();
    },
    onMessage(id, message) {
      const { hash, header, isBest } = decodeAnnouncement(message);
      const peer = peers.get(id);
      if (!peer) return;
      if (!chain.header(hash) && peer.strangeHeaders.take()) chain.seen(header);
      if (!isBest) return;
      peer.best = { hash, number: header.number };
      onNews();
    },
    onGone: (peer) => peers.leave(peer),
  };
}

function join({ chain, peers }: AnnouncementParts, handshake: Handshake, connection: Connection): void {
  const { role, bestHash, bestNumber, genesisHash } = handshake;
  if (genesisHash !== chain.genesisHash) {
    throw new NetworkError(
      'PEER_OTHER_CHAIN',
      `The peer's chain begins with ${genesisHash}, not ${chain.genesisHash}`,
    );
  }
  // It may be read only when its host has gone, of which nobody hears a second time: the place would be taken for good.
  if (connection.status !== 'open')
    throw new NetworkError('PEER_LOST', 'The peer has gone since it introduced itself');
  const id = connection.remotePeer.toString();
  peers.join({ id, role, connection, best: { hash: bestHash, number: bestNumber } });
}

/** Tells all peers of a block, but those who told of it themselves. */
export function announce(
  { chain, peers }: Pick<AnnouncementParts, 'chain' | 'peers'>,
  notifier: Notifier,
  { hash, isBest }: BlockEvent,
): void {
  const header = chain.encodedHeader(hash);
  if (!header) return;
  const message = encodeAnnouncement(header, isBest);
  for (const peer of peers.all()) {
    if (peer.best.hash !== hash) notifier.send(peer.id, message);
  }
}
