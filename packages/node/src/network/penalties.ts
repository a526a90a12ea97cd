import type { Libp2p } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import type { Logger } from '../logger.ts';
import type { Bans } from './bans.ts';
import { asError, isMisbehaviour, NetworkError } from './errors.ts';
import type { Peers } from './peers.ts';

export interface PenaltyParts {
  readonly libp2p: Libp2p;
  readonly bans: Bans;
  readonly peers: Peers;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Decides what follows from a failure with a peer: nothing, or that it is banned for a while. */
export function penalties({ libp2p, bans, peers, logger, signal }: PenaltyParts) {
  function ban(peer: string, reason: string): void {
    if (!bans.has(peer)) {
      bans.add(peer);
      logger.warn({ peer, reason }, 'A peer is banned for a while');
    }
    // Also one that is banned already: it may have been half way in then.
    peers.leave(peer);
    // Cut, not closed: a peer that does not keep to the rules isn't waited for.
    for (const connection of libp2p.getConnections(peerIdFromString(peer))) {
      connection.abort(new NetworkError('PEER_UNWANTED', reason));
    }
  }

  return (peer: string, error: unknown): void => {
    if (signal.aborted) return;
    const { message } = asError(error);
    const isAlien = error instanceof NetworkError && error.code === 'PEER_OTHER_CHAIN';
    if (isMisbehaviour(error) || isAlien) ban(peer, message);
    else if (error instanceof NetworkError)
      logger.debug({ peer, reason: message }, 'An exchange with a peer failed');
    else logger.debug({ peer, err: error }, 'An exchange with a peer broke off');
  };
}
