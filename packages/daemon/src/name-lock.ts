import { once } from 'node:events';
import { createServer } from 'node:net';
import type { DaemonError } from './errors.ts';

/** Held for as long as the process lives, or until it is released. */
export interface NameLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one of the host that has a name. The kernel's abstract socket space needs no file, so that neither a
 * crash nor a full disk leaves a stale lock; it does not reach into other network namespaces. Throws what `inUse` makes.
 */
export async function lockName(name: string, inUse: (cause: unknown) => DaemonError): Promise<NameLock> {
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0${name}`);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE' ? inUse(cause) : cause;
  }
  // A stranger whose connection cannot be taken, as where there are too many open files, must not end the process.
  server.on('error', () => undefined);
  server.unref();
  return {
    async release() {
      server.close();
      await once(server, 'close');
    },
  };
}
