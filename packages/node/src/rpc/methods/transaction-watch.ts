import { opaqueExtrinsic } from '../../opaque-extrinsic.ts';
import { PoolError, unknownValidity } from '../../pool/errors.ts';
import { isFinalStatus, type TransactionStatus } from '../../pool/status.ts';
import { sessionMethod, type SessionCall } from '../protocol/method.ts';
import { bytes, subscriptionId } from '../protocol/params.ts';
import type { Subscription } from '../protocol/subscription.ts';

const WATCH_EVENT = 'transactionWatch_v1_watchEvent';

/** A transaction that is refused is told by an event, never by an error of the call. */
export const transactionWatch_v1_submitAndWatch = sessionMethod([bytes('transaction')], (call, given) => {
  const transaction = opaqueExtrinsic(given);
  const subscription = call.session.subscribe(WATCH_EVENT, call.afterResponse);
  if (!transaction) {
    subscription.notify({ event: 'invalid', error: 'Extrinsic bytes cannot be decoded' });
    subscription.end();
    return subscription.id;
  }
  void watch(call, subscription, transaction);
  return subscription.id;
});

/** Whether there was such a subscription, as with Substrate; the specification has null, or an error. */
export const transactionWatch_v1_unwatch = sessionMethod([subscriptionId], ({ session }, id) =>
  session.unsubscribe(id, WATCH_EVENT),
);

async function watch(call: SessionCall, subscription: Subscription, transaction: Uint8Array): Promise<void> {
  try {
    const watched = await call.backend.watch(transaction, (status) =>
      call.session.inTurn(() => tell(subscription, status)),
    );
    subscription.onEnd(() => watched.unsubscribe());
  } catch (error) {
    subscription.notify(refusal(call, error));
    subscription.end();
  }
}

/** In a turn of the client: a block may have the transactions of thousands of watchers. */
function tell(subscription: Subscription, status: TransactionStatus): undefined {
  subscription.notify(eventOf(status));
  if (isFinalStatus(status)) subscription.end();
}

function eventOf(status: TransactionStatus): object {
  switch (status.type) {
    case 'ready':
    case 'future':
      return { event: 'validated' };
    case 'inBlock':
      return { event: 'bestChainBlockIncluded', block: { hash: status.block, index: status.index } };
    case 'retracted':
      return { event: 'bestChainBlockIncluded', block: null };
    case 'finalized':
      return { event: 'finalized', block: { hash: status.block, index: status.index } };
    case 'usurped':
      return { event: 'invalid', error: 'Extrinsic was rendered invalid by another extrinsic' };
    case 'dropped':
      return { event: 'dropped', error: 'Extrinsic dropped from the pool due to exceeding limits' };
    case 'invalid':
      return { event: 'invalid', error: 'Extrinsic marked as invalid' };
  }
}

function refusal(call: SessionCall, error: unknown): object {
  if (!(error instanceof PoolError)) {
    call.log.error({ err: error }, 'transactionWatch_v1_submitAndWatch failed');
    return { event: 'error', error: 'Internal error' };
  }
  // As Substrate: whatever the pool refuses is invalid, also where it is about this pool; clients tell by the sentence.
  return { event: 'invalid', error: sentenceOf(error) };
}

/** Substrate words a refusal otherwise here than for `author_*`. */
function sentenceOf({ code, message, data = '' }: PoolError): string {
  switch (code) {
    case 'INVALID_TRANSACTION':
    case 'TOO_LONG':
      return data.startsWith(CUSTOM)
        ? `Invalid transaction with custom error: ${data.slice(CUSTOM.length)}`
        : `Invalid transaction: ${data}`;
    case 'UNKNOWN_VALIDITY':
      return `Unknown transaction validity: ${unknownValidity(data)}`;
    case 'ALREADY_IMPORTED':
      return 'Transaction is already imported';
    case 'IMMEDIATELY_DROPPED':
      return 'The transaction could not enter the pool because of the limit';
    case 'TOO_LOW_PRIORITY':
      return message.replace(/^.*\((\d+) vs (\d+)\)$/, `${PRIORITY} (pool $1 > current $2)`);
    default:
      return message.replace(/^Verification Error/, 'Verification error');
  }
}

const CUSTOM = 'Custom error: ';
const PRIORITY = 'The priority of the transaction is too low';
