import type { ISubmittableResult } from '@polkadot/types/types';
import type { Call } from '../connection/decorated.ts';
import { isConnectionLost } from '../connection/rpc-errors.ts';
import { TransactionRejected } from '../errors.ts';
import type { Inclusion } from './inclusion.ts';
import { poolRejection } from './pool-errors.ts';

/** How far a transaction has to come. A block may still be replaced; a finalised one may not. */
export type Milestone = 'inBlock' | 'finalized';

/** A transaction under way. */
export interface Sent {
  /** The node's own word; stays pending for ever when the connection is lost. */
  readonly included: Promise<Inclusion>;
  readonly stopWatching: () => void;
}

/**
 * Sends a signed transaction; resolves when the node's pool has it. Throws `TransactionRejected` when it will never
 * be in a block. A connection that breaks here is no error: the node may have it or not, and the caller finds out.
 */
export async function send(signed: Call, milestone: Milestone): Promise<Sent> {
  const included = Promise.withResolvers<Inclusion>();
  // Whoever waits for a block sees the rejection; that nobody waits yet must not count as unhandled.
  included.promise.catch(() => undefined);
  try {
    const stopWatching = await signed.send((result) => {
      const failure = failureOf(result);
      if (failure) included.reject(failure);
      else if (hasReached(result, milestone)) included.resolve(inclusionOf(result));
    });
    return { included: included.promise, stopWatching };
  } catch (error) {
    if (!isConnectionLost(error)) throw poolRejection(error);
    return { included: included.promise, stopWatching: () => undefined };
  }
}

function hasReached({ status }: ISubmittableResult, milestone: Milestone): boolean {
  return status.isFinalized || (milestone === 'inBlock' && status.isInBlock);
}

function inclusionOf(result: ISubmittableResult): Inclusion {
  const { status } = result;
  const blockHash = (status.isFinalized ? status.asFinalized : status.asInBlock).toHex();
  return { blockHash, blockNumber: blockNumberOf(result), records: result.events };
}

/** The library's interface lacks the field that its class has. */
function blockNumberOf(result: ISubmittableResult): number {
  return 'blockNumber' in result && result.blockNumber != null ? Number(String(result.blockNumber)) : -1;
}

function failureOf({ status, internalError }: ISubmittableResult): Error | undefined {
  if (status.isInvalid) {
    return new TransactionRejected(
      'TRANSACTION_INVALID',
      'The transaction became invalid before a block took it. Nothing was done; look at the account and try again.',
    );
  }
  if (status.isDropped) {
    return new TransactionRejected(
      'POOL_FULL',
      'The chain is too busy and dropped the transaction. Nothing was done; try again later.',
      { fault: 'transient' },
    );
  }
  if (status.isUsurped) {
    return new TransactionRejected(
      'NONCE_TAKEN',
      'Another transaction of this account took its place. Nothing was done; try again.',
      { fault: 'transient' },
    );
  }
  return internalError;
}
