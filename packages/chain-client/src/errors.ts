/** Whose fault an error is: the person's (mend the input), the moment's (try again), or ours. */
export type Fault = 'user' | 'transient' | 'bug';

/** An error whose message is a sentence for a person; `code` is stable. */
export class ChainError extends Error {
  override readonly name: string = 'ChainError';
  readonly code: string;
  readonly fault: Fault;

  constructor(code: string, message: string, details: { fault?: Fault; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.fault = details.fault ?? 'user';
  }
}

/** The node cannot be reached, or stopped answering. Codes: `CHAIN_UNREACHABLE`, `CHAIN_TIMEOUT`. */
export class ChainUnreachable extends ChainError {
  override readonly name = 'ChainUnreachable';

  constructor(message: string, cause?: unknown, code = 'CHAIN_UNREACHABLE') {
    super(code, message, { fault: 'transient', cause });
  }
}

/** A call was included and paid for, but the chain refused to do it. */
export class DispatchFailed extends ChainError {
  override readonly name = 'DispatchFailed';
  readonly pallet: string;
  /** The error's name on chain, for instance `PriceTooHigh`. */
  readonly error: string;
  /** What the chain's metadata says about it. */
  readonly docs: string;

  constructor(failure: { pallet: string; error: string; docs: string; sentence: string }) {
    super('DISPATCH_FAILED', failure.sentence);
    this.pallet = failure.pallet;
    this.error = failure.error;
    this.docs = failure.docs;
  }
}

/** A transaction that never got into a block: nothing was paid. */
export class TransactionRejected extends ChainError {
  override readonly name = 'TransactionRejected';
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
