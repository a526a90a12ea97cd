import type { ConnectionGater, MessageStream, MultiaddrConnection, PeerId } from '@libp2p/interface';
import { PeerError } from '../errors.ts';
import { hearGreeting } from './first-words.ts';

/** Tells dials that failed because of a private network's key from others. */
export interface KeyHints {
  /** Sees every connection as soon as it is open; denies none. */
  readonly gater: Pick<ConnectionGater, 'denyInboundConnection' | 'denyOutboundConnection'>;
  /** In a private network: what came first on a connection that was dialled, without the key around it. */
  onHeard(connection: MessageStream, isGreeting: boolean): void;
  /** Runs a dial of one peer. When it fails, and its key is the reason, or may be, throws PeerError NETWORK_KEY. */
  explained<T>(peer: string | undefined, dial: () => Promise<T>): Promise<T>;
}

/** A connection that was dialled, and what its other side has said. */
interface Opened {
  readonly peer: string;
  heard: 'nothing' | 'greeting' | 'noise' | 'end';
}

/** By these we give up ourselves. */
const OUR_PATIENCE = new Set(['AbortError', 'TimeoutError']);

const STRANGE = 'The other side did not answer as a host of this network does;';

/** What to say by what was heard. */
interface Sentences {
  readonly noise: string;
  /** For silence, and for an end. */
  readonly little: string;
}

const WITH_KEY: Sentences = {
  noise: `${STRANGE} it is no host of this private network: it has another --swarm-key, or none`,
  little:
    'The other side hung up or said too little; it may have another --swarm-key, or none, turn connections away at its bounds, or hang',
};
const WITHOUT_KEY: Sentences = {
  noise: `${STRANGE} it may belong to a private network, whose key you need (--swarm-key)`,
  little:
    'The other side hung up without a greeting; it may belong to a private network, whose key you need (--swarm-key), or turn connections away at its bounds',
};

export function keyHints(hasKey: boolean): KeyHints {
  const sentences = hasKey ? WITH_KEY : WITHOUT_KEY;
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

  /**
   * No host of this network says noise; an end or silence has other reasons than a key, too. Who has the wrong key may
   * hear nothing, but who has none hears at least another's nonce.
   */
  function suspicion(opened: Set<Opened>): keyof Sentences | undefined {
    const heard = new Set([...opened].map(({ heard }) => heard));
    if (heard.size === 0 || heard.has('greeting')) return undefined;
    if (!heard.has('nothing') && !heard.has('end')) return 'noise';
    return hasKey || heard.has('noise') || heard.has('end') ? 'little' : undefined;
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
        const suspected = suspicion(own.opened);
        throw suspected ? new PeerError('NETWORK_KEY', sentences[suspected], { cause }) : cause;
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
