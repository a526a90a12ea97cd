import type { ConnectionGater, MessageStream, MultiaddrConnection, PeerId } from '@libp2p/interface';
import { PeerError } from '../errors.ts';
import { hearGreeting } from './first-words.ts';

/** Tells dials that failed because of a private network's key from others. */
export interface KeyHints {
  /** Sees every connection as soon as it is open; denies none. */
  readonly gater: Pick<ConnectionGater, 'denyInboundConnection' | 'denyOutboundConnection'>;
  /** In a private network: what came first on a connection that was dialled, without the key around it. */
  onHeard(connection: MessageStream, isGreeting: boolean): void;
  /** Runs a dial of one peer. When it fails, and its key seems to be the reason, throws PeerError NETWORK_KEY. */
  explained<T>(peer: string | undefined, dial: () => Promise<T>): Promise<T>;
}

/** A connection that was dialled, and what its other side has said. */
interface Opened {
  readonly peer: string;
  heard: 'nothing' | 'greeting' | 'noise' | 'end';
}

/** By these we give up ourselves. */
const OUR_PATIENCE = new Set(['AbortError', 'TimeoutError']);

export function keyHints(hasKey: boolean): KeyHints {
  const greeting = new Map<MessageStream, Opened>();
  const dials = new Set<{ readonly peer: string | undefined; readonly opened: Set<Opened> }>();

  function onDialled(peerId: PeerId, connection: MultiaddrConnection): boolean {
    if (isRelayed(connection)) return false;
    const opened: Opened = { peer: peerId.toString(), heard: 'nothing' };
    greeting.set(connection, opened);
    for (const dial of dials) if (dial.peer === opened.peer) dial.opened.add(opened);
    connection.addEventListener('close', ({ error }) => {
      greeting.delete(connection);
      if (opened.heard === 'nothing' && !OUR_PATIENCE.has(error?.name ?? '')) opened.heard = 'end';
    });
    if (!hasKey) hearGreeting(connection, (isGreeting) => onHeard(connection, isGreeting));
    return false;
  }

  function onAccepted(connection: MultiaddrConnection): boolean {
    if (!hasKey && !isRelayed(connection)) hearGreeting(connection);
    return false;
  }

  function onHeard(connection: MessageStream, isGreeting: boolean): void {
    const opened = greeting.get(connection);
    if (opened) opened.heard = isGreeting ? 'greeting' : 'noise';
    greeting.delete(connection);
  }

  /** Who has the wrong key may also be silent, but who has none and is silent hears at least another's nonce. */
  function isLikely(opened: Set<Opened>): boolean {
    const heard = new Set([...opened].map(({ heard }) => heard));
    return !heard.has('greeting') && (heard.has('noise') || heard.has('end') || (hasKey && heard.size > 0));
  }

  return {
    gater: { denyInboundConnection: onAccepted, denyOutboundConnection: onDialled },
    onHeard,
    async explained(peer, dial) {
      const underWay = [...greeting.values()].filter((opened) => opened.peer === peer);
      const own = { peer, opened: new Set(underWay) };
      dials.add(own);
      try {
        return await dial();
      } catch (cause) {
        throw isLikely(own.opened) ? keyError(hasKey, cause) : cause;
      } finally {
        dials.delete(own);
      }
    },
  };
}

/** Its bytes are protected by the connection to the gateway. */
function isRelayed({ remoteAddr }: MultiaddrConnection): boolean {
  return remoteAddr.getComponents().some(({ name }) => name === 'p2p-circuit');
}

function keyError(hasKey: boolean, cause: unknown): PeerError {
  const hint = hasKey
    ? 'it is no host of this private network: it has another --swarm-key, or none'
    : 'it may belong to a private network, whose key you need (--swarm-key)';
  return new PeerError(
    'NETWORK_KEY',
    `The other side did not answer as a host of this network does; ${hint}`,
    {
      cause,
    },
  );
}
