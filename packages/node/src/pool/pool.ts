import { toKey } from '@hamster/crypto';
import type { DecodedExtrinsic, Runtime } from '@hamster/frame';
import type { Watched } from '../backend.ts';
import { hashText } from '../hash.ts';
import type { Hash } from '../header.ts';
import type { Logger } from '../logger.ts';
import { RecentSet } from '../signatures/recent-set.ts';
import type { SignatureVerifier } from '../signatures/verifier.ts';
import { Turns } from '../turns.ts';
import type { BestState } from './best-state.ts';
import { alreadyImported, banned, poolFull, PoolError, tooLong } from './errors.ts';
import { Examiner } from './examiner.ts';
import { TransactionGraph } from './graph.ts';
import type { PoolLimits } from './limits.ts';
import { ReadyOrder } from './ready-order.ts';
import { makeRoom } from './room.ts';
import type { StatusListener, TransactionStatus } from './status.ts';
import { Upkeep } from './upkeep.ts';
import { Watchers } from './watchers.ts';

export interface PoolParts {
  readonly runtime: Runtime;
  readonly verifier: SignatureVerifier;
  readonly best: BestState;
  readonly limits: PoolLimits;
  readonly logger: Logger;
}

export interface ImportedExtrinsics {
  readonly block: Hash;
  readonly number: number;
  readonly extrinsics: readonly DecodedExtrinsic[];
}

/** Extrinsics over which the runtime broke down, not taken again for a while. */
const BANNED = 1024;

/** Extrinsics on their way into a block. */
export class TransactionPool {
  readonly #limits: PoolLimits;
  readonly #examiner: Examiner;
  readonly #graph = new TransactionGraph();
  readonly #watchers: Watchers;
  readonly #arriving = new Map<Hash, Promise<Hash>>();
  readonly #arrivals = new Turns();
  readonly #banned = new RecentSet(BANNED);
  readonly #upkeep: Upkeep;
  /** Hashes as text: nearly all that a block made here holds has been in the pool. */
  readonly #hashes = new WeakMap<DecodedExtrinsic, Hash>();
  #sequence = 0;

  constructor({ limits, logger, ...parts }: PoolParts) {
    this.#limits = limits;
    this.#examiner = new Examiner({ ...parts, logger });
    this.#watchers = new Watchers(logger);
    this.#upkeep = new Upkeep({
      graph: this.#graph,
      revalidatedPerBlock: limits.revalidatedPerBlock,
      revalidate: (hash) => this.#revalidate(hash),
      announce: () => this.#announce(),
    });
  }

  /** Takes an extrinsic in. Rejects with PoolError. */
  submit(bytes: Uint8Array): Promise<Hash> {
    try {
      return this.#take(this.#admit(bytes));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  /** As `submit`; the first status follows after the promise was answered. */
  async watch(bytes: Uint8Array, listener: StatusListener): Promise<Watched> {
    if (this.#watchers.count >= this.#limits.maxWatchers)
      throw poolFull(`${this.#limits.maxWatchers} watchers`);
    const extrinsic = this.#admit(bytes);
    const watch = this.#watchers.add(this.#hashOf(extrinsic), listener);
    try {
      const hash = await this.#take(extrinsic);
      setImmediate(() => watch.start());
      return { hash, unsubscribe: () => watch.end() };
    } catch (error) {
      watch.end();
      throw error;
    }
  }

  /** Resolves when everything that was submitted before is in the pool or refused. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#arriving.values(), this.#upkeep.idle()]);
  }

  /** What a block should take, best first: nothing that is in a block already. */
  async order(): Promise<ReadyOrder> {
    await this.#upkeep.departed();
    return ReadyOrder.inSlices(this.#graph, this.#sequence);
  }

  get size(): number {
    return this.#graph.size;
  }

  pending(): Uint8Array[] {
    const waiting = [...this.#graph.transactions()].filter(({ hash }) => this.#isWaiting(hash));
    return [...this.ready(), ...waiting.map(({ extrinsic }) => extrinsic.bytes)];
  }

  /** What a block could take now, in that order. */
  ready(): Uint8Array[] {
    const order = ReadyOrder.of(this.#graph);
    const ready: Uint8Array[] = [];
    for (let next = order.take(); next; next = order.take()) {
      if (!this.#upkeep.isDeparting(next.hash)) ready.push(next.extrinsic.bytes);
      order.included(next);
    }
    return ready;
  }

  /** Nonces of what the account has signed. */
  noncesOf(accountId: Uint8Array): Set<number> {
    const nonces = new Set<number>();
    for (const hash of this.#graph.ofSigner(toKey(accountId))) {
      const nonce = this.#graph.get(hash)?.extrinsic.nonce;
      if (nonce !== undefined && !this.#upkeep.isDeparting(hash)) nonces.add(nonce);
    }
    return nonces;
  }

  counts(): { readonly ready: number; readonly future: number } {
    let [ready, future] = [0, 0];
    for (const { hash } of this.#graph.transactions()) {
      if (this.#upkeep.isDeparting(hash)) continue;
      if (this.#graph.isReady(hash)) ready += 1;
      else future += 1;
    }
    return { ready, future };
  }

  /** Takes out a transaction that no block can hold. */
  discard(hash: Hash, options: { readonly ban: boolean }): void {
    if (options.ban) this.#banned.add(hash);
    this.#remove(hash, { type: 'invalid' });
    this.#announce();
  }

  /** Takes out one that waits for a block. Answers whether there was such a one. */
  withdraw(hash: Hash, options: { readonly ban: boolean }): boolean {
    if (!this.#graph.get(hash) || this.#upkeep.isDeparting(hash)) return false;
    this.discard(hash, options);
    return true;
  }

  /** Follows the best chain; a small block at once, the greater part of a large one in slices. */
  imported({ block, number, extrinsics }: ImportedExtrinsics): void {
    const hashes = extrinsics.map((extrinsic) => this.#hashOf(extrinsic));
    this.#watchers.included(block, hashes);
    this.#upkeep.follow(extrinsics.map((extrinsic) => [this.#hashOf(extrinsic), extrinsic]));
    this.#expire(number);
    this.#announce();
  }

  finalized(block: Hash): void {
    this.#watchers.finalized(block);
  }

  #hashOf(extrinsic: DecodedExtrinsic): Hash {
    const known = this.#hashes.get(extrinsic);
    if (known !== undefined) return known;
    const hash = hashText(extrinsic.hash);
    this.#hashes.set(extrinsic, hash);
    return hash;
  }

  /** The cheap checks, before any signature is verified. */
  #admit(bytes: Uint8Array): DecodedExtrinsic {
    const { maxExtrinsicBytes } = this.#limits;
    if (bytes.length > maxExtrinsicBytes) throw tooLong();
    const extrinsic = this.#examiner.decode(bytes);
    const hash = this.#hashOf(extrinsic);
    if (this.#graph.get(hash) || this.#arriving.has(hash)) throw alreadyImported(hash);
    if (this.#banned.has(hash)) throw banned();
    return extrinsic;
  }

  /** Throws PoolError when there is nothing to wait for. */
  #take(extrinsic: DecodedExtrinsic): Promise<Hash> {
    const hash = this.#hashOf(extrinsic);
    const arrival = this.#arrive(hash, extrinsic, this.#examiner.authenticate(extrinsic));
    this.#arriving.set(hash, arrival);
    return arrival;
  }

  async #arrive(hash: Hash, extrinsic: DecodedExtrinsic, checked: Promise<void> | undefined): Promise<Hash> {
    try {
      await checked;
      // Signatures come from their threads by the dozen.
      await this.#arrivals.run(this, () => this.#enter(hash, extrinsic));
      return hash;
    } finally {
      this.#arriving.delete(hash);
    }
  }

  #enter(hash: Hash, extrinsic: DecodedExtrinsic): void {
    const validity = this.#examiner.validate(extrinsic);
    const newcomer = { hash, extrinsic, validity, sequence: this.#sequence++ };
    const { usurped, dropped } = makeRoom(this.#graph, this.#limits, newcomer);
    for (const each of usurped) this.#remove(each.hash, { type: 'usurped', by: hash });
    for (const each of dropped) this.#remove(each.hash, { type: 'dropped' });
    this.#graph.add(newcomer);
    if (!this.#graph.isReady(hash)) this.#watchers.tell(hash, { type: 'future' });
    this.#announce();
  }

  #revalidate(hash: Hash): void {
    const transaction = this.#graph.get(hash);
    if (!transaction) return;
    try {
      this.#graph.update(hash, this.#examiner.validate(transaction.extrinsic));
    } catch (error) {
      this.discard(hash, { ban: error instanceof PoolError && error.code === 'VERIFICATION' });
    }
  }

  #expire(number: number): void {
    const old: Hash[] = [];
    for (const { hash, validity } of this.#graph.transactions())
      if (validity.validUntil < number) old.push(hash);
    for (const hash of old) this.#remove(hash, { type: 'dropped' });
  }

  /** One that is in a block just leaves: its watchers know better. */
  #remove(hash: Hash, status: TransactionStatus): void {
    this.#graph.remove(hash);
    if (!this.#upkeep.isDeparting(hash)) this.#watchers.tell(hash, status);
  }

  #isWaiting(hash: Hash): boolean {
    return !this.#graph.isReady(hash) && !this.#upkeep.isDeparting(hash);
  }

  #announce(): void {
    for (const { hash, ready } of this.#graph.takeTransitions()) {
      this.#watchers.tell(hash, { type: ready ? 'ready' : 'future' });
    }
  }
}
