import { setTimeout } from 'node:timers/promises';
import type { RootDatabase } from 'lmdb';
import { NodeError } from '../errors.ts';

/** Nobody knows whether the batch will be written. */
export class Stalled extends NodeError {
  constructor(patience: number) {
    super('NODE_STORAGE', `the disk did not answer for ${patience / 1000} s`);
  }
}

/** ms. A disk that takes longer is not coming back, and LMDB does not always say that it gave up. */
const PATIENCE = 60_000;

/**
 * Runs `write`, which only puts and removes, and has LMDB's own thread carry that out in one transaction: all of it is on disk when
 * this resolves, or nothing. No synchronous transaction may begin before: LMDB would commit what there is of this one first.
 * Rejects with what LMDB says, such as "No space left on device", and when nothing was heard for `patience` ms: then it may still
 * be written, whole.
 */
export async function commitBatch(
  env: Pick<RootDatabase, 'batch'>,
  write: () => void,
  patience = PATIENCE,
): Promise<void> {
  const alarm = new AbortController();
  try {
    await Promise.race([env.batch(write), giveUp(patience, alarm.signal)]);
  } catch (error) {
    throw await causeOf(error);
  } finally {
    alarm.abort();
  }
}

async function giveUp(patience: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(patience, undefined, { signal });
  } catch {
    return;
  }
  throw new Stalled(patience);
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
