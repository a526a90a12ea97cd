import type { DecodedExtrinsic, Runtime } from '@hamster/frame';
import type { Watched } from '../backend.ts';
import { hashText } from '../hash.ts';
import type { Hash } from '../header.ts';
import type { Logger } from '../logger.ts';
import { RecentSet } from '../signatures/recent-set.ts';
import { Slices } from '../slices.ts';
import type { SignatureVerifier } from '../signatures/verifier.ts';
import type { BestState } from './best-state.ts';
import { alreadyImported, badFormat, banned, poolFull, PoolError } from './errors.ts';
import { Examiner } from './examiner.ts';
import { TransactionGraph } from './graph.ts';
import type { PoolLimits } from './limits.ts';
import { ReadyOrder } from './ready-order.ts';
import { makeRoom } from './room.ts';
import type { StatusListener } from './status.ts';
import { signerOf } from './transaction.ts';
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
  readonly #arriving = new Map<Hash, Promise<void>>();
  readonly #banned = new RecentSet(BANNED);
  #sequence = 0;
  /** What has to be validated again, and the work on it while there is some. */
  readonly #stale = new Set<Hash>();
  #refreshing: Promise<void> | undefined;
  /** Sequence number of the transaction up to which the round of checks has come. */
  #checked = -1;

  constructor({ limits, logger, ...parts }: PoolParts) {
    this.#limits = limits;
    this.#examiner = new Examiner({ ...parts, logger });
    this.#watchers = new Watchers(logger);
  }

  /** Takes an extrinsic in. Rejects with PoolError. */
  async submit(bytes: Uint8Array): Promise<Hash> {
    return this.#take(this.#admit(bytes));
  }

  /** As `submit`; the first status follows after the promise was answered. */
  async watch(bytes: Uint8Array, listener: StatusListener): Promise<Watched> {
    if (this.#watchers.count >= this.#limits.maxWatchers)
      throw poolFull(`${this.#limits.maxWatchers} watchers`);
    const extrinsic = this.#admit(bytes);
    const watch = this.#watchers.add(hashText(extrinsic.hash), listener);
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
    await Promise.allSettled([...this.#arriving.values(), this.#refreshing]);
  }

  /** What a block should take, best first. Valid until the pool changes. */
  order(): ReadyOrder {
    return new ReadyOrder(this.#graph);
  }

  get size(): number {
    return this.#graph.size;
  }

  pending(): Uint8Array[] {
    const order = this.order();
    const ready: Uint8Array[] = [];
    for (let next = order.take(); next; next = order.take()) {
      ready.push(next.extrinsic.bytes);
      order.included(next);
    }
    const waiting = [...this.#graph.transactions()].filter(({ hash }) => !this.#graph.isReady(hash));
    return [...ready, ...waiting.map(({ extrinsic }) => extrinsic.bytes)];
  }

  /** Takes out a transaction that no block can hold. */
  discard(hash: Hash, options: { readonly ban: boolean }): void {
    if (options.ban) this.#banned.add(hash);
    this.#graph.remove(hash);
    this.#watchers.tell(hash, { type: 'invalid' });
    this.#announce();
  }

  /**
   * Follows the best chain: what is in the block leaves, and what waited for it goes on. What the block touches is validated
   * again, as much as fits into a slice at once, the rest between other things.
   */
  imported({ block, number, extrinsics }: ImportedExtrinsics): void {
    const hashes = extrinsics.map(({ hash }) => hashText(hash));
    const gone = new Set(hashes.filter((hash) => this.#graph.get(hash)));
    this.#watchers.included(block, hashes);
    for (const hash of [...this.#touched(extrinsics), ...this.#nextInTurn()]) {
      if (!gone.has(hash)) this.#stale.add(hash);
    }
    for (const hash of gone) this.#graph.fulfil(hash);
    const slices = new Slices();
    this.#refresh(slices);
    this.#expire(number);
    this.#announce();
    if (this.#stale.size > 0) this.#refreshing ??= this.#refreshAll(slices);
  }

  finalized(block: Hash): void {
    this.#watchers.finalized(block);
  }

  /** The cheap checks, before any signature is verified. */
  #admit(bytes: Uint8Array): DecodedExtrinsic {
    const { maxExtrinsicBytes } = this.#limits;
    if (bytes.length > maxExtrinsicBytes) {
      throw badFormat(`${bytes.length} bytes, and ${maxExtrinsicBytes} are the most`);
    }
    const extrinsic = this.#examiner.decode(bytes);
    const hash = hashText(extrinsic.hash);
    if (this.#graph.get(hash) || this.#arriving.has(hash)) throw alreadyImported(hash);
    if (this.#banned.has(hash)) throw banned();
    return extrinsic;
  }

  async #take(extrinsic: DecodedExtrinsic): Promise<Hash> {
    const hash = hashText(extrinsic.hash);
    const arrival = this.#arrive(hash, extrinsic);
    this.#arriving.set(hash, arrival);
    try {
      await arrival;
    } finally {
      this.#arriving.delete(hash);
    }
    return hash;
  }

  async #arrive(hash: Hash, extrinsic: DecodedExtrinsic): Promise<void> {
    await this.#examiner.authenticate(extrinsic);
    const validity = this.#examiner.validate(extrinsic);
    const newcomer = { hash, extrinsic, validity, sequence: this.#sequence++ };
    const { usurped, dropped } = makeRoom(this.#graph, this.#limits, newcomer);
    for (const each of [...usurped, ...dropped]) this.#graph.remove(each.hash);
    this.#graph.add(newcomer);
    for (const each of usurped) this.#watchers.tell(each.hash, { type: 'usurped', by: hash });
    for (const each of dropped) this.#watchers.tell(each.hash, { type: 'dropped' });
    if (!this.#graph.isReady(hash)) this.#watchers.tell(hash, { type: 'future' });
    this.#announce();
  }

  /** Transactions for which the block changed something: the next ones of signers who are in it. */
  #touched(extrinsics: readonly DecodedExtrinsic[]): Set<Hash> {
    const touched = new Set<Hash>();
    for (const extrinsic of extrinsics) {
      const known = this.#graph.get(hashText(extrinsic.hash));
      const signer = signerOf(extrinsic);
      if (known) for (const { hash } of this.#graph.dependents(known)) touched.add(hash);
      else if (signer) for (const hash of this.#graph.ofSigner(signer)) touched.add(hash);
    }
    return touched;
  }

  /** The share of the whole pool that is checked with this block. */
  #nextInTurn(): Hash[] {
    const turn = [...this.#graph.transactions()]
      .filter(({ sequence }) => sequence > this.#checked)
      .slice(0, this.#limits.revalidatedPerBlock);
    const complete = turn.length < this.#limits.revalidatedPerBlock;
    this.#checked = complete ? -1 : (turn.at(-1)?.sequence ?? -1);
    return turn.map(({ hash }) => hash);
  }

  async #refreshAll(slices: Slices): Promise<void> {
    while (this.#stale.size > 0) {
      await slices.rest();
      this.#refresh(slices);
      this.#announce();
    }
    this.#refreshing = undefined;
  }

  /** Validates again until the slice is over. */
  #refresh(slices: Slices): void {
    for (const hash of this.#stale) {
      this.#stale.delete(hash);
      this.#revalidate(hash);
      if (slices.isOver) return;
    }
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
    const old = [...this.#graph.transactions()].filter(({ validity }) => validity.validUntil < number);
    for (const { hash } of old) {
      this.#graph.remove(hash);
      this.#watchers.tell(hash, { type: 'dropped' });
    }
  }

  #announce(): void {
    for (const { hash, ready } of this.#graph.takeTransitions()) {
      this.#watchers.tell(hash, { type: ready ? 'ready' : 'future' });
    }
  }
}
