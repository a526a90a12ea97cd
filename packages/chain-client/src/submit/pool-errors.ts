import { TransactionRejected, textOf } from '../errors.ts';

interface Refusal {
  readonly pattern: RegExp;
  readonly code: string;
  readonly sentence: string;
  /** Someone else used the nonce first: signing again with the next one is safe. */
  readonly nonceTaken?: boolean;
}

const REFUSALS: readonly Refusal[] = [
  {
    pattern: /pay some fees|Payment|balance too low/i,
    code: 'FEE_UNPAYABLE',
    sentence: 'The account cannot pay the fee. Nothing was sent; add money first.',
  },
  {
    pattern: /outdated|stale|Priority is too low/i,
    code: 'NONCE_TAKEN',
    sentence: 'Another transaction of this account was faster. Nothing was sent; try again.',
    nonceTaken: true,
  },
  {
    pattern: /ancient birth/i,
    code: 'TRANSACTION_EXPIRED',
    sentence: 'The transaction was signed too long ago. Nothing was sent; sign it again.',
  },
  {
    pattern: /bad signature|BadProof|bad proof/i,
    code: 'SIGNATURE_BAD',
    sentence: 'The chain does not accept the signature. Is the wallet or program as new as the chain?',
  },
  {
    pattern: /Immediately dropped|pool (is full|limit)|exhaust/i,
    code: 'POOL_FULL',
    sentence: 'The chain is too busy for this transaction. Nothing was sent; try again later.',
  },
  {
    pattern: /banned/i,
    code: 'TRANSACTION_BANNED',
    sentence: 'The node refuses this very transaction for a while. Nothing was sent; try again later.',
  },
  {
    pattern: /Cancelled|Rejected by user|User rejected/i,
    code: 'SIGNING_REFUSED',
    sentence: 'The transaction was not signed. Nothing was sent.',
  },
];

/** Why a node or a wallet did not take a transaction. */
export function poolRejection(error: unknown): TransactionRejected {
  const message = textOf(error);
  const known = REFUSALS.find(({ pattern }) => pattern.test(message));
  const sentence =
    known?.sentence ?? `The node did not take the transaction: ${message.split('\n')[0]}. Nothing was sent.`;
  return new TransactionRejected(known?.code ?? 'POOL_REFUSED', sentence, {
    cause: error,
    fault: known?.nonceTaken || known?.code === 'POOL_FULL' ? 'transient' : 'user',
  });
}

/** Whether the same call may be signed anew with the next nonce. */
export function isNonceTaken(error: unknown): boolean {
  return error instanceof TransactionRejected && error.code === 'NONCE_TAKEN';
}
