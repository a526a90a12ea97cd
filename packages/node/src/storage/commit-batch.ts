import type { RootDatabase } from 'lmdb';

/**
 * Runs `write`, which only puts and removes, and has LMDB's own thread carry that out in one transaction: all of it is on disk when
 * this resolves, or nothing. No synchronous transaction may begin before: LMDB would commit what there is of this one first.
 * Rejects with what LMDB says, such as "No space left on device".
 */
export async function commitBatch(env: RootDatabase, write: () => void): Promise<void> {
  try {
    await env.batch(write);
  } catch (error) {
    throw await causeOf(error);
  }
}

/** LMDB tells in a second promise why a commit failed. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (cause) {
    return cause;
  }
}
