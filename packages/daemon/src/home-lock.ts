import { createHash, randomUUID } from 'node:crypto';
import { readlink, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DaemonError, EXIT_USAGE } from './errors.ts';
import { makePrivateDirectory, unwritable } from './json-state.ts';
import { lockName, type NameLock } from './name-lock.ts';

const OTHERS_WRITE = 0o002;
const ID = 'home-id';
/** Of a folder that can never have a link: one that is read-only, or FAT's. Not of one without room, which is to get its id later. */
const WITHOUT_LINKS = ['EROFS', 'EACCES', 'EPERM', 'ENOSYS', 'EOPNOTSUPP', 'EINVAL'];

/**
 * Makes this process the only one that works in a folder, whatever its path is here. Throws `HOME_IN_USE`, or `HOME_EXPOSED` for a
 * folder in which every user of the host could put a key, a token or a machine's record of his own.
 */
export async function lockHome(home: string): Promise<NameLock> {
  await makePrivateDirectory(home);
  const { mode } = await stat(home);
  if (mode & OTHERS_WRITE) throw exposed(home);
  const name = await nameOf(home);
  return lockName(name, (cause) => inUse(home, name, cause));
}

/**
 * The same for every path that leads to the folder; another for each folder, though containers may give all of them one path. A copy is
 * another folder, and so is one that was made where a former one was, whose daemon may live on: file systems give inodes once more.
 */
async function nameOf(home: string): Promise<string> {
  const id = await idOf(home);
  const { dev, ino, uid } = await stat(home, { bigint: true });
  return `hamster-home-${createHash('sha256').update(`${dev}:${ino}:${uid}:${id}`).digest('hex')}`;
}

/** A link that leads nowhere: it is made whole or not at all, by one of several who come at once, and needs no room. */
async function idOf(home: string): Promise<string> {
  const link = join(home, ID);
  try {
    await symlink(randomUUID(), link);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!['EEXIST', ...WITHOUT_LINKS].includes(code)) throw unwritable(link, error);
  }
  return readlink(link).catch(() => '');
}

function inUse(home: string, name: string, cause: unknown): DaemonError {
  return new DaemonError(
    'HOME_IN_USE',
    `Another daemon runs with ${home} already, and two would do the same work twice. Stop that one first, or give this one a folder of its own with --home. \`sudo ss -xlp | grep ${name}\` shows which process it is.`,
    { cause, fault: 'user' },
  );
}

function exposed(home: string): DaemonError {
  return new DaemonError(
    'HOME_EXPOSED',
    `Every user of this computer may write to ${home}, and so put other keys in place of the daemon's. Take that from them with \`chmod o-w ${home}\`, look at what is in it, and start again; or choose another folder with --home.`,
    { exitCode: EXIT_USAGE },
  );
}
