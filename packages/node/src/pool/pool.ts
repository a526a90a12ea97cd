import { toKey } from '@hamster/crypto';
import type { Runtime } from '@hamster/frame';
import type { Watched } from '../backend.ts';
import { extrinsicHash } from '../hash.ts';
import type { Hash } from '../header.ts';
import type { Logger } from '../logger.ts';
import type { AcceptedTransaction } from '../network/chain-access.ts';
import type { HashedExtrinsic } from '../execution/hashed-extrinsic.ts';
import { RecentSet } from '../signatures/recent-set.ts';
import type { SignatureVerifier } from '../signatures/verifier.ts';
import { Arrivals, type Newcomer } from './arrivals.ts';
import type { BestState } from './best-state.ts';
import { alreadyImported, banned, poolFull, PoolError, tooLong } from './errors.ts';
import { Examiner } from './examiner.ts';
import { TransactionGraph } from './graph.ts';
import type { PoolLimits } from './limits.ts';
import { ReadyOrder } from './ready-order.ts';
import { makeRoom } from './room.ts';
import type { StatusListener, TransactionStatus } from './status.ts';
import { PoolTransaction } from './transaction.ts';
import { Upkeep } from './upkeep.ts';
import { Watchers } from './watchers.ts';

export interface PoolParts {
  readonly runtime: Runtime;
  readonly verifier: SignatureVerifier;
  readonly best: BestState;
  readonly limits: PoolLimits;
  readonly logger: Logger;
  /** Told of what the pool takes in. */
  readonly accepted: (transaction: AcceptedTransaction) => void;
}

export interface ImportedExtrinsics {
  readonly block: Hash;
  readonly number: number;
  readonly extrinsics: readonly HashedExtrinsic[];
}

/** Extrinsics over which the runtime broke down, not taken again for a while. */
const BANNED = 1024;

/** Extrinsics on their way into a block. */
export class TransactionPool {
  readonly #limits: PoolLimits;
  readonly #accepted: PoolParts['accepted'];
  readonly #examiner: Examiner;
  readonly #graph = new TransactionGraph();
  readonly #watchers: Watchers;
  readonly #arrivals: Arrivals;
  readonly #banned = new RecentSet(BANNED);
  readonly #upkeep: Upkeep;
  #sequence = 0;

  constructor({ limits, logger, verifier, accepted, ...parts }: PoolParts) {
    this.#limits = limits;
    this.#accepted = accepted;
    this.#examiner = new Examiner({ ...parts, logger });
    this.#watchers = new Watchers(logger);
    this.#arrivals = new Arrivals({ verifier, enter: (newcomer) => this.#enter(newcomer) });
    this.#upkeep = new Upkeep({
      graph: this.#graph,
      revalidatedPerBlock: limits.revalidatedPerBlock,
      revalidate: (transaction) => this.#revalidate(transaction),
      announce: () => this.#announce(),
    });
  }

  /** Takes an extrinsic in. Rejects with PoolError. */
  submit(bytes: Uint8Array): Promise<Hash> {
    try {
      return this.#arrivals.take(this.#admit(bytes));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** As `submit`; the first status follows after the promise was answered. */
  async watch(bytes: Uint8Array, listener: StatusListener): Promise<Watched> {
    if (this.#watchers.count >= this.#limits.maxWatchers)
      throw poolFull(`${this.#limits.maxWatchers} watchers`);
    const newcomer = this.#admit(bytes);
    const watch = this.#watchers.add(newcomer.hash, listener);
    try {
      const hash = await this.#arrivals.take(newcomer);
      setImmediate(() => watch.start());
      return { hash, unsubscribe: () => watch.end() };
    } catch (error) {
      watch.end();
      throw error;
    }
  }

  /** Resolves when everything that was submitted before is in the pool or refused. */
  async idle(): Promise<void> {
    await Promise.all([this.#arrivals.idle(), this.#upkeep.idle()]);
  }

  /** What a block should take, best first: nothing that is in a block already. */
  async order(): Promise<ReadyOrder> {
    await this.#upkeep.departed();
    return ReadyOrder.inSlices(this.#graph, this.#sequence);
  }

  get size(): number {
    return this.#graph.size;
  }

  /** What is not in a block already: ready ones first, both parts in the order of arrival. */
  pending(): Uint8Array[] {
    const ready: Uint8Array[] = [];
    const waiting: Uint8Array[] = [];
    for (const { isReady, isDeparting, extrinsic } of this.#graph.transactions())
      if (!isDeparting) (isReady ? ready : waiting).push(extrinsic.bytes);
    return [...ready, ...waiting];
  }

  /** What a block could take now, in its order. To put thousands in order takes long: nothing comes with each step of it. */
  *ready(): Generator<Uint8Array | undefined, undefined> {
    const order = yield* ReadyOrder.inSteps(this.#graph, this.#sequence);
    for (let next = order.take(); next; next = order.take()) {
      yield next.isPooled && !next.isDeparting ? next.extrinsic.bytes : undefined;
      order.included(next);
    }
  }

  /** Nonces of what the account has signed. */
  noncesOf(accountId: Uint8Array): Set<number> {
    const nonces = new Set<number>();
    for (const { extrinsic, isDeparting } of this.#graph.ofSigner(toKey(accountId))) {
      if (extrinsic.nonce !== undefined && !isDeparting) nonces.add(extrinsic.nonce);
    }
    return nonces;
  }

  counts(): { readonly ready: number; readonly future: number } {
    let [ready, future] = [0, 0];
    for (const { isReady, isDeparting } of this.#graph.transactions()) {
      if (isDeparting) continue;
      if (isReady) ready += 1;
      else future += 1;
    }
    return { ready, future };
  }

  /** Takes out a transaction that no block can hold. */
  discard(hash: Hash, options: { readonly ban: boolean }): void {
    if (options.ban) this.#banned.add(hash);
    const transaction = this.#graph.get(hash);
    if (transaction) this.#remove(transaction, { type: 'invalid' });
    else this.#watchers.tell(hash, { type: 'invalid' });
    this.#announce();
  }

  /** Takes out one that waits for a block. Answers whether there was such a one. */
  withdraw(hash: Hash, options: { readonly ban: boolean }): boolean {
    const transaction = this.#graph.get(hash);
    if (!transaction || transaction.isDeparting) return false;
    this.discard(hash, options);
    return true;
  }

  /** Follows the best chain; a small block at once, the greater part of a large one in slices. */
  imported({ block, number, extrinsics }: ImportedExtrinsics): void {
    this.#watchers.included(block, extrinsics);
    this.#upkeep.follow(extrinsics);
    this.#expire(number);
    this.#announce();
  }

  finalized(block: Hash): void {
    this.#watchers.finalized(block);
  }

  /** The cheap checks, before any signature is verified. Throws PoolError. */
  #admit(bytes: Uint8Array): Newcomer {
    const { maxExtrinsicBytes } = this.#limits;
    if (bytes.length > maxExtrinsicBytes) throw tooLong();
    const extrinsic = this.#examiner.decode(bytes);
    const hash = extrinsicHash(extrinsic.bytes);
    if (this.#graph.get(hash) || this.#arrivals.has(hash)) throw alreadyImported(hash);
    if (this.#banned.has(hash)) throw banned();
    return { hash, extrinsic, claim: this.#examiner.claimOf(extrinsic) };
  }

  #enter({ hash, extrinsic, claim }: Newcomer): void {
    const validity = this.#examiner.validate(extrinsic);
    const sequence = this.#sequence++;
    const newcomer = new PoolTransaction({ hash, extrinsic, verified: claim, sequence, validity });
    const { signer } = newcomer;
    const { usurped, dropped } = makeRoom(this.#graph, this.#limits, { signer, extrinsic, validity });
    for (const each of usurped) this.#remove(each, { type: 'usurped', by: hash });
    for (const each of dropped) this.#remove(each, { type: 'dropped' });
    this.#graph.add(newcomer, validity);
    if (!newcomer.isReady) this.#watchers.tell(hash, { type: 'future' });
    this.#announce();
    this.#accepted({ hash, extrinsic: extrinsic.bytes });
  }

  #revalidate(transaction: PoolTransaction): void {
    if (!transaction.isPooled) return;
    try {
      const { validUntil } = transaction;
      const now = this.#examiner.validate(transaction.extrinsic);
      // Behind the end of its era the next one seems to be its own, for which nobody signed it.
      this.#graph.update(transaction, now.validUntil > validUntil ? { ...now, validUntil } : now);
    } catch (error) {
      const ban = error instanceof PoolError && error.code === 'VERIFICATION';
      this.discard(transaction.hash, { ban });
    }
  }

  /** No block behind that one can hold them. What is in it leaves as all that is, for those that wait for it to go on. */
  #expire(number: number): void {
    const old: PoolTransaction[] = [];
    for (const transaction of this.#graph.transactions())
      if (transaction.validUntil <= number && !transaction.isDeparting) old.push(transaction);
    for (const transaction of old) this.#remove(transaction, { type: 'invalid' });
  }

  /** One that is in a block just leaves: its watchers know better. */
  #remove(transaction: PoolTransaction, status: TransactionStatus): void {
    this.#graph.remove(transaction);
    if (!transaction.isDeparting) this.#watchers.tell(transaction.hash, status);
  }

  #announce(): void {
    for (const { hash, isReady } of this.#graph.takeTransitions()) {
      this.#watchers.tell(hash, { type: isReady ? 'ready' : 'future' });
    }
  }
}
