import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LOCK, lockFolder } from '../storage/lock.ts';

/**
 * Removes the database in a folder, of which no node may be running. The lock goes last, so that a node which is started meanwhile is
 * refused until there is nothing that it could lose; from then on the folder is as good as a new one. What cannot be removed as a whole
 * is left as a node that was killed leaves it, so that nobody takes the rest for a chain. Rejects with NODE_DATABASE_IN_USE, and with
 * the error of the system.
 */
export async function purgeDatabase(folder: string): Promise<void> {
  const lock = lockFolder(folder);
  try {
    for (const name of await readdir(folder)) {
      if (name !== LOCK) await rm(join(folder, name), { recursive: true, force: true });
    }
  } catch (error) {
    lock.leave();
    throw error;
  }
  lock.release();
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    // A node is there already.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error;
  });
}
