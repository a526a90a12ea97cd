import type { Connection } from '@libp2p/interface';
import { asError } from '../errors.ts';
import type { GrantedRequest } from '../grants/decode-grant.ts';
import type { Host } from '../host/host.ts';
import { findDirectWay } from './find-direct-way.ts';

/** Replaces relayed connections by direct ones where the networks allow it, in the background. */
export interface DirectUpgrade {
  /** Looks for a direct way beside this connection, unless one was looked for lately. */
  consider(connection: Connection | undefined, request: GrantedRequest): void;
}

export interface UpgradeOptions {
  /** Told how each search ended: with the reason when there is no direct way for the time being. */
  onSearched?: ((noWay?: Error) => void) | undefined;
  find?: typeof findDirectWay;
  /** ms, from any moment on. */
  now?: () => number;
}

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 30 * 60_000;

/**
 * Streams that run stay on the relayed connection, which is closed when the last of them has ended; new ones take the direct
 * one by themselves. Where no direct way is found, it is looked for again later, less and less often.
 */
export function directUpgrade(host: Host, options: UpgradeOptions = {}): DirectUpgrade {
  const { find = findDirectWay, now = () => performance.now(), onSearched } = options;
  const ending = new AbortController();
  host.libp2p.addEventListener('stop', () => ending.abort(), { once: true });
  let busy = false;
  let failures = 0;
  let notBefore = -Infinity;

  async function upgrade(relayed: Connection, request: GrantedRequest): Promise<void> {
    busy = true;
    try {
      await find(host, relayed, request, ending.signal);
      failures = 0;
      retire(relayed);
      onSearched?.();
    } catch (error) {
      // The relayed connection does what is asked; a direct one would only do it faster.
      notBefore = now() + Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS);
      failures += 1;
      if (!ending.signal.aborted) onSearched?.(asError(error));
    } finally {
      busy = false;
    }
  }

  return {
    consider(connection, request) {
      if (!connection || connection.direct || busy || ending.signal.aborted || now() < notBefore) return;
      void upgrade(connection, request);
    },
  };
}

/** Closes a connection as soon as nothing runs over it. */
function retire(connection: Connection): void {
  if (connection.streams.length === 0) {
    connection.close().catch(() => undefined);
    return;
  }
  const onClose = (): void => queueMicrotask(() => retire(connection));
  connection.streams[0]?.addEventListener('close', onClose, { once: true });
}
