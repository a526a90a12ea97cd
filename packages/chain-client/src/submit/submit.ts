import type { Signer } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { DispatchError } from '@polkadot/types/interfaces';
import type { Call } from '../connection/decorated.ts';
import type { Link } from '../connection/link.ts';
import { ChainError, ChainUnreachable } from '../errors.ts';
import { within } from '../signals.ts';
import type { Patience } from '../signals.ts';
import { dispatchFailed, wrappedFailure } from './dispatch-error.ts';
import { bestBlock, nextNonce } from './blocks.ts';
import { ChainEvents } from './events.ts';
import { inclusionIn } from './inclusion.ts';
import type { Inclusion } from './inclusion.ts';
import { isNonceTaken, poolRejection } from './pool-errors.ts';
import { recover } from './recover.ts';
import { send } from './send.ts';
import type { Milestone, Sent } from './send.ts';
import type { Turns } from './turns.ts';

/** Who signs: an unlocked key pair, or an address together with a wallet. */
export type TransactionSigner = KeyringPair | { readonly address: string; readonly signer: Signer };

export interface SubmitOptions extends Patience {
  /** Default `inBlock`. */
  readonly waitFor?: Milestone;
  /**
   * By default the next one. Two transactions with one nonce are never both done, so a call whose outcome is unknown can be repeated
   * with the nonce that it had.
   */
  readonly nonce?: number;
  /** Called when the transaction is signed and the node has it. */
  readonly onSent?: (txHash: `0x${string}`) => void;
}

/** A call that the chain did. */
export interface Outcome {
  readonly txHash: `0x${string}`;
  readonly blockHash: `0x${string}`;
  readonly events: ChainEvents;
}

interface Job {
  readonly nonce: number | undefined;
  readonly call: Call;
  readonly signer: TransactionSigner;
  readonly milestone: Milestone;
}

interface Signed {
  readonly transaction: Call;
  readonly fromBlock: number;
  readonly sent: Sent;
}

const INCLUSION_TIMEOUT_MS = 60_000;
const NONCE_ATTEMPTS = 4;

/**
 * Signs a call, sends it and waits until a block has it (60 s unless told otherwise).
 *
 * Throws `DispatchFailed` when the chain refused the call, `TransactionRejected` when no block will ever have it, and
 * `ChainUnreachable` with code `OUTCOME_UNKNOWN` when the time was over before either was known.
 */
export async function submit(
  link: Link,
  turns: Turns,
  call: Call,
  signer: TransactionSigner,
  options: SubmitOptions = {},
): Promise<Outcome> {
  const milestone = options.waitFor ?? 'inBlock';
  const job = { call, signer, milestone, nonce: options.nonce };
  const signed = await turns.take(signer.address, () => signAndSend(link, job, options));
  const txHash = signed.transaction.hash.toHex();
  options.onSent?.(txHash);
  const inclusion = await awaitInclusion(link, signed, milestone, options);
  throwIfFailed(inclusion);
  return { txHash, blockHash: inclusion.blockHash, events: new ChainEvents(inclusion.records) };
}

/** A nonce that another process took in between is no reason to fail, but a wallet is not asked twice. */
async function signAndSend(link: Link, job: Job, patience: Patience): Promise<Signed> {
  for (let attempt = 1; ; attempt++) {
    const fromBlock = await bestBlock(link, patience);
    const transaction = await sign(link, job, patience);
    try {
      const sending = send(link, transaction, job.milestone);
      return { transaction, fromBlock, sent: await within(sending, patience, 'Sending the transaction') };
    } catch (error) {
      const isFixed = 'signer' in job.signer || job.nonce !== undefined;
      if (!isNonceTaken(error) || isFixed || attempt >= NONCE_ATTEMPTS) throw error;
    }
  }
}

async function sign(link: Link, { call, signer, ...job }: Job, patience: Patience): Promise<Call> {
  const nonce = job.nonce ?? (await nextNonce(link, signer.address, patience));
  const injected = 'signer' in signer;
  // A person at a wallet takes the time that it takes; a key pair does not.
  const limited = { ...patience, timeoutMs: injected ? undefined : INCLUSION_TIMEOUT_MS };
  try {
    const signing = injected
      ? call.signAsync(signer.address, { nonce, signer: signer.signer })
      : call.signAsync(signer, { nonce });
    return await within(signing, limited, 'Signing the transaction');
  } catch (error) {
    if (error instanceof ChainError || patience.signal?.aborted) throw error;
    if (link.state === 'connected') throw poolRejection(error);
    throw new ChainUnreachable(`The connection to ${link.url} broke before anything was sent.`, error);
  }
}

async function awaitInclusion(
  link: Link,
  signed: Signed,
  milestone: Milestone,
  patience: Patience,
): Promise<Inclusion> {
  const { transaction, fromBlock, sent } = signed;
  const done = new AbortController();
  const recovered = Promise.withResolvers<Inclusion>();
  recovered.promise.catch(() => undefined);
  const lookAgain = (): void => {
    if (link.state !== 'connected') return;
    recover(link, transaction, { fromBlock, milestone, signal: done.signal }).then(
      recovered.resolve,
      recovered.reject,
    );
  };
  const stopListening = link.onState(lookAgain);
  try {
    const timeoutMs = patience.timeoutMs ?? INCLUSION_TIMEOUT_MS;
    const either = Promise.race([eventsIn(link, transaction, sent), recovered.promise]);
    return await within(either, { ...patience, timeoutMs }, 'Waiting for a block');
  } catch (error) {
    throw error instanceof ChainUnreachable ? outcomeUnknown(transaction, error) : error;
  } finally {
    done.abort(new ChainError('DONE', 'Nobody waits any more.'));
    stopListening();
    sent.stopWatching();
  }
}

async function eventsIn(link: Link, transaction: Call, sent: Sent): Promise<Inclusion> {
  const hash = await sent.blockHash;
  const found = await link.read('Reading the events', (api) => inclusionIn(api, hash, transaction));
  if (found) return found;
  throw new ChainError('RPC_FAILED', `The node says that block ${hash} has the transaction, but it has not.`);
}

function throwIfFailed({ records }: Inclusion): void {
  for (const { event } of records) {
    if (event.section === 'system' && event.method === 'ExtrinsicFailed') {
      throw dispatchFailed(event.data[0] as unknown as DispatchError);
    }
  }
  const failure = wrappedFailure(records);
  if (failure) throw failure;
}

function outcomeUnknown(transaction: Call, cause: unknown): ChainUnreachable {
  const message = `The transaction ${transaction.hash.toHex()} was sent, but whether it was done is not known: the chain did not say in time. Look before you repeat it.`;
  return new ChainUnreachable(message, cause, 'OUTCOME_UNKNOWN');
}
