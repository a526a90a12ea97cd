import type { StateReader } from '@hamster/frame';
import {
  dropFlatState,
  flatTables,
  formerState,
  LayoutConversion,
  StateDb,
  StateError,
  type Progress,
} from '@hamster/state';
import type { RootDatabase } from 'lmdb';
import { NodeError } from '../errors.ts';
import { hashBytes, hashText } from '../hash.ts';
import type { Logger } from '../logger.ts';
import { BlockStore } from './block-store.ts';
import { damaged } from './damage.ts';

/** Under this key the database keeps the number of its format. */
const KEY = 'format';
/** Raised when tables or records change shape. */
const FORMAT = 2;
/** The nodes of states under their hashes. */
const HASHED_NODES = 1;

const BEGINNING =
  'The states in the database are stored in a newer way from now on, which no release from before can read. ' +
  'This is done once, and takes minutes, for an archive hours, in which the node does nothing else. ' +
  'Whoever may want to go back to the release before kills the node now, makes a copy of the folder without its link "lock", which that release cannot read, and starts it again. ' +
  'A kill costs the work alone: the next start begins anew';

/** ms between two lines about how far it is. */
const PROGRESS_EVERY = 10_000;

/** Notes today's format in a new database. Throws NODE_DATABASE_FORMAT for one that is not known here. */
export function checkFormat(env: RootDatabase, path: string): void {
  const format: unknown = env.get(KEY);
  if (format === FORMAT || format === HASHED_NODES) return;
  if (format === undefined) return void env.putSync(KEY, FORMAT);
  throw new NodeError(
    'NODE_DATABASE_FORMAT',
    `The database in ${path} has format ${String(format)}, this version reads ${FORMAT}: remove it to start over, or use the version that wrote it`,
  );
}

/** The tables that hold states, in which the database has them now. */
export const stateTables = (env: RootDatabase): readonly string[] =>
  env.get(KEY) === HASHED_NODES
    ? ['state-nodes', 'state-journal', ...flatTables(env)]
    : ['state-trie', 'state-roots', 'state-history', ...flatTables(env)];

/** A state as the database has it now, in either format; undefined when it isn't kept. Writes nothing into a database that has one. */
export const storedState = (env: RootDatabase, root: Uint8Array): Pick<StateReader, 'get'> | undefined =>
  env.get(KEY) === HASHED_NODES ? formerState(env, root) : new StateDb({ env }).at(root);

export interface UpgradeParts {
  readonly env: RootDatabase;
  readonly path: string;
  readonly version: 0 | 1;
  readonly logger: Pick<Logger, 'info' | 'warn'> | undefined;
}

/**
 * Brings a database of a former format into today's one, in one transaction: it is the former one until the end. Then the tables go
 * that nothing reads any more; releases of the same format do without them. Throws NODE_DATABASE_DAMAGED, and NODE_STORAGE when it
 * cannot be written.
 */
export function upgradeFormat(parts: UpgradeParts): void {
  if (parts.env.get(KEY) === HASHED_NODES) convert(parts);
  dropFlatState(parts.env);
}

function convert({ env, path, version, logger }: UpgradeParts): void {
  const blocks = new BlockStore(env);
  const conversion = new LayoutConversion({
    ...{ env, version, onProgress: progressLog(logger) },
    rootOf(hash) {
      const header = blocks.header(hashText(hash));
      return header && hashBytes(header.stateRoot);
    },
  });
  logger?.warn({ path, ...conversion.size }, BEGINNING);
  try {
    env.transactionSync(() => {
      const done = conversion.run();
      env.putSync(KEY, FORMAT);
      logger?.info(done, 'The states are being written to the disk in the newer way');
    });
    logger?.info({ path }, 'The states in the database are stored in the newer way');
  } catch (error) {
    if (error instanceof StateError) throw damaged(path, error.message, error);
    throw notWritten(path, error);
  }
}

/** In the middle of a transaction that holds the event loop: the log has to be one that writes at once. */
function progressLog(logger: UpgradeParts['logger']): (progress: Progress, of: Progress) => void {
  let next = performance.now() + PROGRESS_EVERY;
  return (progress, of) => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_EVERY;
    logger?.info({ ...progress, of }, 'States are being stored in the newer way');
  };
}

function notWritten(path: string, cause: unknown): NodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NodeError(
    'NODE_STORAGE',
    `The states in ${path} could not be stored in the newer way (${reason}). Nothing was changed: make as much room as the database has now, and start the node again.`,
    { cause },
  );
}
