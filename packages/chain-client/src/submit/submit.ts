import type { Signer } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { DispatchError } from '@polkadot/types/interfaces';
import type { Call } from '../connection/decorated.ts';
import type { Link } from '../connection/link.ts';
import { ChainError, ChainUnreachable, TransactionRejected } from '../errors.ts';
import { within } from '../signals.ts';
import type { Patience } from '../signals.ts';
import { dispatchFailed, wrappedFailure } from './dispatch-error.ts';
import { bestBlock } from './blocks.ts';
import { chooseNonce } from './choose-nonce.ts';
import { ChainEvents } from './events.ts';
import { inclusionIn } from './inclusion.ts';
import type { Inclusion } from './inclusion.ts';
import { isNonceTaken, poolRejection } from './pool-errors.ts';
import { recover } from './recover.ts';
import { send } from './send.ts';
import type { Milestone, Sent } from './send.ts';
import type { Turns } from './turns.ts';
import type { Unsettled } from './unsettled.ts';

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
  /**
   * Takes the place of what this account has sent before and no block has taken, where the outcome of one of these is unknown: without
   * a tip it may be stuck at the node while blocks are full, and so would be all that is sent behind it. For calls that blocks keep room for;
   * others the pool would refuse. Without such a one, or with a `nonce`, it changes nothing.
   */
  readonly overtakes?: boolean;
  /** Called when the transaction is signed and the node has it. */
  readonly onSent?: (txHash: `0x${string}`) => void;
}

/** A call that the chain did. */
export interface Outcome {
  readonly txHash: `0x${string}`;
  readonly blockHash: `0x${string}`;
  readonly events: ChainEvents;
}

/** What the submits of one client know of each other. */
export interface Submits {
  readonly turns: Turns;
  readonly unsettled: Unsettled;
}

interface Job extends Pick<SubmitOptions, 'nonce' | 'overtakes'> {
  readonly unsettled: Unsettled;
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
  { turns, unsettled }: Submits,
  call: Call,
  signer: TransactionSigner,
  options: SubmitOptions = {},
): Promise<Outcome> {
  const milestone = options.waitFor ?? 'inBlock';
  const job = { ...options, unsettled, call, signer, milestone };
  const signed = await turns.take(signer.address, () => signAndSend(link, job, options));
  const txHash = signed.transaction.hash.toHex();
  options.onSent?.(txHash);
  const inclusion = await awaitInclusion(link, signed, milestone, options).catch((error: unknown) => {
    if (isUnsettled(error)) unsettled.add(signer.address, signed.transaction.nonce.toNumber());
    throw error;
  });
  throwIfFailed(inclusion);
  return { txHash, blockHash: inclusion.blockHash, events: new ChainEvents(inclusion.records) };
}

/** A nonce that another process took in between is no reason to fail, but a wallet is not asked twice. */
async function signAndSend(link: Link, job: Job, patience: Patience): Promise<Signed> {
  const { address } = job.signer;
  const isWallet = 'signer' in job.signer;
  for (let attempt = 1; ; attempt++) {
    const fromBlock = await bestBlock(link, patience);
    const { nonce, isFixed } = await chooseNonce(link, { ...job, address, isWallet }, patience);
    const transaction = await sign(link, job, nonce, patience);
    try {
      const sending = send(link, transaction, job.milestone);
      return { transaction, fromBlock, sent: await within(sending, patience, 'Sending the transaction') };
    } catch (error) {
      if (isUnsettled(error)) job.unsettled.add(address, nonce);
      if (!isNonceTaken(error) || isFixed || attempt >= NONCE_ATTEMPTS) throw error;
    }
  }
}

async function sign(link: Link, { call, signer }: Job, nonce: number, patience: Patience): Promise<Call> {
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

/** What was sent was neither done nor refused, as far as anybody here knows: also where nobody waited for it any longer. */
const isUnsettled = (error: unknown): boolean => !(error instanceof TransactionRejected);

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
