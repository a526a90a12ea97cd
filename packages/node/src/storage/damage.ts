import { NodeError } from '../errors.ts';

/** What is wrong with the database in `folder`, and what helps. */
export const damaged = (folder: string, what: string, cause?: unknown): NodeError =>
  new NodeError(
    'NODE_DATABASE_DAMAGED',
    `The database in ${folder} is damaged: ${what}. Put a copy back, or remove it (purge-chain) and let the node fetch or import the chain again.`,
    { cause },
  );
