import { isFinalStatus, type TransactionStatus } from '../pool/status.ts';
import type { SessionCall } from './protocol/method.ts';
import type { Subscription } from './protocol/subscription.ts';

/**
 * Tells one client what becomes of its extrinsic, in turns of it: a block may have those of thousands. Finality, which comes here with
 * the block, is told later: with the next status @polkadot/api gives up what it has begun to read of the block, and an application
 * that waits for `isInBlock` alone would wait for ever.
 */
export class StatusTeller {
  readonly #call: SessionCall;
  readonly #subscription: Subscription;
  /** When the client was told of a block, by `performance.now()`. */
  #included = -Infinity;

  constructor(call: SessionCall, subscription: Subscription) {
    this.#call = call;
    this.#subscription = subscription;
  }

  tell(status: TransactionStatus): void {
    this.#call.session.inTurn(() => this.#inTurn(status));
  }

  #inTurn(status: TransactionStatus): undefined {
    const wait = this.#included + this.#call.limits.finalityDelayMs - performance.now();
    if (status.type === 'finalized' && wait > 0) return this.#tellIn(wait, status);
    if (status.type === 'inBlock') this.#included = performance.now();
    this.#subscription.notify(statusJson(status));
    if (isFinalStatus(status)) this.#subscription.end();
  }

  #tellIn(ms: number, status: TransactionStatus): undefined {
    const timer = setTimeout(() => this.tell(status), ms);
    this.#subscription.onEnd(() => clearTimeout(timer));
  }
}

/** States without a value are bare strings: `{"ready":null}` kills some clients. */
function statusJson(status: TransactionStatus): unknown {
  switch (status.type) {
    case 'inBlock':
    case 'retracted':
    case 'finalized':
      return { [status.type]: status.block };
    case 'usurped':
      return { usurped: status.by };
    default:
      return status.type;
  }
}
