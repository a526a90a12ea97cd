import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { DaemonError } from './errors.ts';
import { makePrivateDirectory } from './json-state.ts';

/** Held for as long as the process lives, or until it is released. */
export interface HomeLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that works in a folder. A name in the kernel's abstract socket space needs no file, so that
 * neither a crash nor a full disk leaves a stale lock. It does not reach into other containers or network namespaces.
 * Throws `HOME_IN_USE`.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  await makePrivateDirectory(home);
  const name = createHash('sha256')
    .update(await realpath(home))
    .digest('hex');
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0hamster-home-${name}`);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw inUse(home, cause);
  }
  server.unref();
  return {
    async release() {
      server.close();
      await once(server, 'close');
    },
  };
}

function inUse(home: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) return cause;
  return new DaemonError(
    'HOME_IN_USE',
    `Another daemon runs with ${home} already, and two would do the same work twice. Stop that one first, or give this one a folder of its own with --home.`,
    { cause, fault: 'user' },
  );
}
