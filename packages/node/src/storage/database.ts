import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb';
import { checkDataFile, isLost } from './check-file.ts';
import { checkPlace } from './check-place.ts';
import { asDamage } from './damage.ts';
import { checkFormat } from './format.ts';
import { lockFolder } from './lock.ts';
import { walkDatabase, type WalkOptions } from './walk.ts';

/** Where the data goes: below `basePath`, or in a folder that goes away with the node. */
export type Location = { readonly basePath: string } | { readonly temporary: true };

/** Where everything of the chain `chainId` is kept. */
export const chainFolder = (basePath: string, chainId: string): string => join(basePath, 'chains', chainId);

export interface OpenDatabase {
  readonly env: RootDatabase;
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Opens the database of the chain `chainId`, alone; behind a node that did not end by itself it is read as a whole first. Rejects with
 * NODE_DATABASE_IN_USE, NODE_DATABASE_FORMAT, NODE_DATABASE_DAMAGED, NODE_DATABASE_UNCHECKED, NODE_STORAGE where there is no
 * room, and the error of the system where there is no right to write.
 */
export async function openDatabase(
  location: Location,
  chainId: string,
  options: WalkOptions = {},
): Promise<OpenDatabase> {
  const temporary = 'temporary' in location;
  const base = temporary ? mkdtempSync(join(tmpdir(), 'hamster-node-')) : location.basePath;
  const path = join(chainFolder(base, chainId), 'db');
  makeFolder(path);
  const lock = lockFolder(path);
  const release = () => {
    lock.release();
    if (temporary) rmSync(base, { recursive: true, force: true });
  };
  let isUnchecked = lock.wasLeft;
  try {
    checkPlace(path);
    checkDataFile(path);
    if (isLost(path)) {
      options.logger?.warn({ path }, 'Nothing is left of the database that was here: the chain begins anew');
    }
    if (isUnchecked) await walkDatabase(path, options);
    isUnchecked = false;
    const env = openEnvironment(path);
    return {
      env,
      path,
      async close() {
        await env.close();
        release();
      },
    };
  } catch (error) {
    if (isUnchecked) lock.leave();
    else release();
    throw asDamage(path, error);
  }
}

/** With those above it. Node.js would try for ever where a folder is there and takes no other, as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The tables in that folder. Throws NODE_DATABASE_FORMAT. */
export function openEnvironment(path: string): RootDatabase {
  // A transaction is on disk when it ends: no block that was announced may be lost. A batch is a transaction of its own: with those of
  // an event turn thrown together, LMDB makes a promise of failure that nobody can handle. LMDB's thread begins with a batch when it
  // has all of it: one that keeps up with this thread is woken for each record, and takes the core from it.
  const options: RootDatabaseOptionsWithPath & { batchStartThreshold: number } = {
    ...{ path, noSubdir: false, maxDbs: 32, overlappingSync: false, eventTurnBatching: false },
    batchStartThreshold: Number.MAX_SAFE_INTEGER,
  };
  const env = open(options);
  checkFormat(env, path);
  return env;
}
