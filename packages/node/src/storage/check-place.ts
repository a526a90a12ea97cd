import { closeSync, openSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NodeError } from '../errors.ts';

/** Bytes of the table of readers, in whole pages, and the link that locks the folder. */
const NEEDED = 16 * 2 ** 10;

/**
 * Refuses a folder in which LMDB, which has to write there before it can even read, would end the process without a word: on a full disk
 * its table of readers is mapped and has no pages, and one that belongs to another user is mapped to nothing. Throws NODE_STORAGE
 * where there is no room, and the error of the system where there is no right.
 */
export function checkPlace(folder: string): void {
  const readers = join(folder, 'lock.mdb');
  for (const file of [join(folder, 'data.mdb'), readers]) {
    if (statSync(file, { throwIfNoEntry: false })) closeSync(openSync(file, 'r+'));
  }
  // A file that was only given its length, as one of a process that ended there, has no blocks.
  if ((statSync(readers, { throwIfNoEntry: false })?.blocks ?? 0) > 0) return;
  const { blocks, bavail, bsize } = statfsSync(folder);
  // One of no size at all does not tell it: one in memory, or over a network.
  if (blocks === 0 || bavail * bsize >= NEEDED) return;
  throw new NodeError(
    'NODE_STORAGE',
    `There is no room left in ${folder}, so that the database cannot be opened. Nothing of it is lost: make room and start again.`,
  );
}
