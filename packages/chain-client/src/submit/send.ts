import type { Call } from '../connection/decorated.ts';
import type { Link } from '../connection/link.ts';
import { isConnectionLost } from '../connection/rpc-errors.ts';
import { TransactionRejected } from '../errors.ts';
import { poolRejection } from './pool-errors.ts';

/** How far a transaction has to come. A block may still be replaced; a finalised one may not. */
export type Milestone = 'inBlock' | 'finalized';

/** A transaction under way. */
export interface Sent {
  /** Hash of the block that the node says it is in; stays pending for ever when the connection is lost. */
  readonly blockHash: Promise<string>;
  readonly stopWatching: () => void;
}

/**
 * Sends a signed transaction; resolves when the node's pool has it. Throws `TransactionRejected` when it will never
 * be in a block. A connection that breaks here is no error: the node may have it or not, and the caller finds out.
 */
export async function send(link: Link, signed: Call, milestone: Milestone): Promise<Sent> {
  const inBlock = Promise.withResolvers<string>();
  // Whoever waits for a block sees the rejection; that nobody waits yet must not count as unhandled.
  inBlock.promise.catch(() => undefined);
  const onStatus = (status: unknown): void => {
    const failure = failureOf(status);
    const hash =
      hashIn(status, 'finalized') ?? (milestone === 'inBlock' ? hashIn(status, 'inBlock') : undefined);
    if (failure) inBlock.reject(failure);
    else if (hash !== undefined) inBlock.resolve(hash);
  };
  try {
    const stopWatching = await link.watchTransaction(signed.toHex(), onStatus);
    return { blockHash: inBlock.promise, stopWatching };
  } catch (error) {
    if (!isConnectionLost(error)) throw poolRejection(error);
    return { blockHash: inBlock.promise, stopWatching: () => undefined };
  }
}

/** Statuses without a value are bare strings, the others objects with one key. */
function hashIn(status: unknown, name: string): string | undefined {
  if (typeof status !== 'object' || status === null || !(name in status)) return undefined;
  return String((status as Record<string, unknown>)[name]);
}

function failureOf(status: unknown): TransactionRejected | undefined {
  if (status === 'invalid') {
    return new TransactionRejected(
      'TRANSACTION_INVALID',
      'The transaction became invalid before a block took it. Nothing was done; look at the account and try again.',
    );
  }
  if (status === 'dropped') {
    return new TransactionRejected(
      'POOL_FULL',
      'The chain is too busy and dropped the transaction. Nothing was done; try again later.',
      { fault: 'transient' },
    );
  }
  if (hashIn(status, 'usurped') === undefined) return undefined;
  return new TransactionRejected(
    'NONCE_TAKEN',
    'Another transaction of this account took its place. Nothing was done; try again.',
    { fault: 'transient' },
  );
}
