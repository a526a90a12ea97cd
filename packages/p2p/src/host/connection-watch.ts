import type { ConnectionGater, MultiaddrConnection } from '@libp2p/interface';
import { PeerError } from '../errors.ts';
import { writeWhole } from './whole-writes.ts';

export interface ConnectionWatch {
  /** Sees every connection of a host as soon as it is encrypted; denies none. */
  readonly gater: ConnectionGater;
  stop(): void;
}

/** Every connection carries a ping of the muxer this often, from both sides, in ms. */
export const KEEP_ALIVE_MS = 10_000;
const SILENT_MS = 35_000;
const LOOK_MS = 5_000;
/** After a sleep the other side has most likely given up: so many more looks, in which a ping must have been answered. */
const LOOKS_AFTER_SLEEP = 3;

/** What all of the library's connections are, behind their interface. */
interface Receiving {
  onData(data: Uint8Array): void;
}

/**
 * Cuts connections from which not a byte has come for so long that several pings must have been lost. The library's
 * own monitor judges by how long a ping takes instead, and so cuts healthy connections in the middle of a transfer:
 * there a ping waits behind megabytes.
 */
export function watchConnections({
  silentMs = SILENT_MS,
  lookMs = LOOK_MS,
  now = Date.now,
} = {}): ConnectionWatch {
  const silence = new Map<MultiaddrConnection, number>();
  // Counted in looks, not by the clock: after a time in which this process got no turn, data may be waiting unread.
  const mostLooks = Math.ceil(silentMs / lookMs);
  let lastLook = now();

  function watch(_peer: unknown, connection: MultiaddrConnection): boolean {
    writeWhole(connection);
    if (!isReceiving(connection)) return false;
    const receive = connection.onData.bind(connection);
    connection.onData = (data) => {
      if (silence.has(connection)) silence.set(connection, 0);
      receive(data);
    };
    silence.set(connection, 0);
    connection.addEventListener('close', () => silence.delete(connection));
    return false;
  }

  /** The clock of this machine went on while it stood still itself. */
  function hasSlept(): boolean {
    const since = now() - lastLook;
    lastLook += since;
    return since > silentMs + lookMs;
  }

  function look(): void {
    const least = hasSlept() ? mostLooks - LOOKS_AFTER_SLEEP : 0;
    for (const [connection, before] of silence) {
      const looks = Math.max(before, least);
      silence.set(connection, looks + 1);
      if (connection.status !== 'open') silence.delete(connection);
      else if (looks >= mostLooks) {
        connection.abort(new PeerError('CONNECTION_LOST', 'Nothing came from the other side for too long'));
      }
    }
  }

  const timer = setInterval(look, lookMs);
  return {
    gater: { denyInboundEncryptedConnection: watch, denyOutboundEncryptedConnection: watch },
    stop: () => clearInterval(timer),
  };
}

function isReceiving(connection: object): connection is Receiving {
  return 'onData' in connection;
}
