import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { DaemonError } from './errors.ts';
import { makePrivateDirectory } from './json-state.ts';

/** Held for as long as the process lives, or until it is released. */
export interface HomeLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that works in a folder. A name in the kernel's abstract socket space needs no file, so that
 * neither a crash nor a full disk leaves a stale lock. It is the folder's own, whatever its path is here, but does not reach into
 * other network namespaces. Throws `HOME_IN_USE`.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  await makePrivateDirectory(home);
  const name = await nameOf(home);
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0${name}`);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw inUse(home, name, cause);
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

/** The same for every path that leads to the folder; another for each folder, though containers may give all of them one path. */
async function nameOf(home: string): Promise<string> {
  const { dev, ino, uid } = await stat(home, { bigint: true });
  return `hamster-home-${createHash('sha256').update(`${dev}:${ino}:${uid}`).digest('hex')}`;
}

function inUse(home: string, name: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) return cause;
  return new DaemonError(
    'HOME_IN_USE',
    `Another daemon runs with ${home} already, and two would do the same work twice. Stop that one first, or give this one a folder of its own with --home. \`sudo ss -xlp | grep ${name}\` shows which process it is.`,
    { cause, fault: 'user' },
  );
}
