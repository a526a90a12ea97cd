import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NodeError } from '../errors.ts';

/** Bytes of that table, in whole pages, and the link that locks the folder. */
const NEEDED = 16 * 2 ** 10;

/**
 * Refuses a folder without room for what LMDB has to put there before it can even read: its table of readers is mapped, and on a full disk
 * the first access to it would end the process without a word. One that is there already needs none. Throws NODE_STORAGE.
 */
export function checkRoom(folder: string): void {
  const readers = statSync(join(folder, 'lock.mdb'), { throwIfNoEntry: false });
  // A file that was only given its length, as one of a process that ended there, has no blocks.
  if (readers && readers.blocks > 0) return;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= NEEDED) return;
  throw new NodeError(
    'NODE_STORAGE',
    `There is no room left in ${folder}, so that the database cannot be opened. Nothing of it is lost: make room and start again.`,
  );
}
