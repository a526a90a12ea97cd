import type { Connection, Libp2p } from '@libp2p/interface';
import type { NetworkLimits } from './limits.ts';
import type { Peers } from './peers.ts';

export interface SuperviseParts {
  readonly libp2p: Libp2p;
  readonly peers: Peers;
  readonly limits: NetworkLimits;
}

/** Connections of one peer: two that dial each other at once have two for a moment. */
const PER_PEER = 4;

/** Closes what only takes up a place: connections whose host never became a peer, and too many of the same one. */
export function superviseConnections({ libp2p, peers, limits }: SuperviseParts): () => void {
  const close = (connection: Connection): void => void connection.close().catch(() => undefined);

  function closeIdle(): void {
    const oldest = Date.now() - limits.patienceMs;
    for (const connection of libp2p.getConnections()) {
      const isPeer = peers.get(connection.remotePeer.toString()) !== undefined;
      if (!isPeer && connection.timeline.open < oldest) close(connection);
    }
  }

  const onOpen = ({ detail }: CustomEvent<Connection>): void => {
    if (libp2p.getConnections(detail.remotePeer).length > PER_PEER) close(detail);
  };
  const onDisconnect = ({ detail }: CustomEvent<{ toString(): string }>): void =>
    peers.leave(detail.toString());

  libp2p.addEventListener('connection:open', onOpen);
  libp2p.addEventListener('peer:disconnect', onDisconnect);
  const timer = setInterval(closeIdle, limits.patienceMs / 4);
  return () => {
    clearInterval(timer);
    libp2p.removeEventListener('connection:open', onOpen);
    libp2p.removeEventListener('peer:disconnect', onDisconnect);
  };
}
