import { NodeError } from '../errors.ts';

/** What is wrong with the database in `folder`, and what helps. */
export const damaged = (folder: string, what: string, cause?: unknown): NodeError =>
  new NodeError(
    'NODE_DATABASE_DAMAGED',
    `The database in ${folder} is damaged: ${what}. Put a copy back, or remove it (purge-chain) and let the node fetch or import the chain again.`,
    { cause },
  );

/** LMDB's errors of pages that are not what they should be: PAGE_NOTFOUND, CORRUPTED, INVALID, BAD_TXN, PROBLEM. */
const TORN: readonly unknown[] = [-30_797, -30_796, -30_793, -30_782, -30_779];

/** The same error; NODE_DATABASE_DAMAGED for one of LMDB's that means that. */
export const asDamage = (folder: string, error: unknown): unknown =>
  error instanceof Error && 'code' in error && TORN.includes(error.code)
    ? damaged(folder, error.message, error)
    : error;
