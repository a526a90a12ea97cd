import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { damaged } from './damage.ts';

/** Where LMDB keeps its two meta pages' fields, from the beginning of the page. */
const META = { magic: 24, pageSize: 48, freeRoot: 88, lastPage: 144, transaction: 152, length: 160 } as const;
const MAGIC = 0xbeef_c0de;

/** How the file stood at the end of a transaction. */
export interface Meta {
  readonly pageSize: number;
  /** Where the list of free pages begins. */
  readonly freeRoot: bigint;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/**
 * Refuses a data file that is cut, or is none of LMDB's: reading it would end the process without a word. A folder without one
 * is new. Throws NODE_DATABASE_DAMAGED.
 */
export function checkDataFile(folder: string): void {
  const file = openDataFile(folder);
  if (file === undefined) return;
  try {
    const { size } = fstatSync(file);
    if (size > 0) checkSize(folder, file, size);
  } finally {
    closeSync(file);
  }
}

/** Whether LMDB has worked in the folder, and there is nothing of what it wrote: a chain that is lost, or was killed as it began. */
export const isLost = (folder: string): boolean =>
  existsSync(join(folder, 'lock.mdb')) &&
  !statSync(join(folder, 'data.mdb'), { throwIfNoEntry: false })?.size;

function checkSize(folder: string, file: number, size: number): void {
  const newest = newestMeta(file);
  if (!newest) throw damaged(folder, 'its file begins with something else than a database');
  const needed = (newest.lastPage + 1n) * BigInt(newest.pageSize);
  if (BigInt(size) < needed) throw damaged(folder, `its file has ${size} bytes of ${needed}: it was cut`);
}

/** Undefined for a file that begins with something else. */
export function newestMeta(file: number): Meta | undefined {
  const first = readMeta(file, 0);
  // LMDB reads the page size from the first one; it can do without the second.
  const second = first && readMeta(file, first.pageSize);
  return second && second.transaction > first.transaction ? second : first;
}

function readMeta(file: number, position: number): Meta | undefined {
  const page = Buffer.alloc(META.length);
  if (readSync(file, page, { position }) < META.length) return undefined;
  if (page.readUInt32LE(META.magic) !== MAGIC) return undefined;
  return {
    pageSize: page.readUInt32LE(META.pageSize),
    freeRoot: page.readBigUInt64LE(META.freeRoot),
    lastPage: page.readBigUInt64LE(META.lastPage),
    transaction: page.readBigUInt64LE(META.transaction),
  };
}

/** Undefined where there is none. */
export function openDataFile(folder: string): number | undefined {
  try {
    return openSync(join(folder, 'data.mdb'), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
