import type { Hash } from '../header.ts';
import { signerOf, type PoolTransaction, type Validity } from './transaction.ts';

/** Sets by key; empty ones go. */
class Index<K> {
  readonly #sets = new Map<K, Set<Hash>>();

  add(key: K, hash: Hash): void {
    const set = this.#sets.get(key);
    if (set) set.add(hash);
    else this.#sets.set(key, new Set([hash]));
  }

  delete(key: K, hash: Hash): void {
    const set = this.#sets.get(key);
    if (set?.delete(hash) && set.size === 0) this.#sets.delete(key);
  }

  get(key: K): ReadonlySet<Hash> {
    return this.#sets.get(key) ?? EMPTY;
  }
}

const EMPTY: ReadonlySet<Hash> = new Set();
const NOBODY: ReadonlySet<PoolTransaction> = new Set();

/**
 * Which transaction waits for which. One provides tags (its signer's nonce), another requires them; a transaction is
 * ready when each tag that it requires is provided by a ready one. What the state provides already, the runtime does not
 * list as required.
 */
export class TransactionGraph {
  readonly #all = new Map<Hash, PoolTransaction>();
  readonly #ready = new Set<Hash>();
  readonly #provider = new Map<string, Hash>();
  readonly #needing = new Index<string>();
  readonly #bySigner = new Index<string>();
  /** Whether each transaction was ready before the changes that nobody has asked about yet. */
  readonly #touched = new Map<Hash, boolean>();
  #bytes = 0;

  get size(): number {
    return this.#all.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get futureSize(): number {
    return this.#all.size - this.#ready.size;
  }

  get(hash: Hash): PoolTransaction | undefined {
    return this.#all.get(hash);
  }

  isReady(hash: Hash): boolean {
    return this.#ready.has(hash);
  }

  /** In the order of arrival. */
  transactions(): IterableIterator<PoolTransaction> {
    return this.#all.values();
  }

  ofSigner(signer: string): ReadonlySet<Hash> {
    return this.#bySigner.get(signer);
  }

  /** The transactions in the way of one that provides these tags: only one of them can ever be in a block. */
  rivals(provides: readonly string[]): readonly PoolTransaction[] {
    const rivals: PoolTransaction[] = [];
    for (const tag of provides) {
      const hash = this.#provider.get(tag);
      const rival = hash === undefined ? undefined : this.#all.get(hash);
      if (rival && !rivals.includes(rival)) rivals.push(rival);
    }
    return rivals;
  }

  /** Those that require something that `transaction` provides. */
  dependents({ validity }: PoolTransaction): ReadonlySet<PoolTransaction> {
    // Nearly always there are none, and then there is nothing to make.
    let found: Set<PoolTransaction> | undefined;
    for (const tag of validity.provides) {
      for (const hash of this.#needing.get(tag)) {
        const transaction = this.#all.get(hash);
        if (transaction) (found ??= new Set()).add(transaction);
      }
    }
    return found ?? NOBODY;
  }

  /** How many of its required tags are provided from inside of the pool. */
  dependencies({ validity }: PoolTransaction): number {
    let count = 0;
    for (const tag of validity.requires) if (this.#provider.has(tag)) count += 1;
    return count;
  }

  add(transaction: PoolTransaction): void {
    const { hash, extrinsic } = transaction;
    this.#touch(hash);
    this.#bytes += extrinsic.bytes.length;
    const signer = signerOf(extrinsic);
    if (signer) this.#bySigner.add(signer, hash);
    this.#link(transaction);
  }

  remove(hash: Hash): void {
    const transaction = this.#all.get(hash);
    if (!transaction) return;
    this.#unlink(transaction);
    this.#all.delete(hash);
    this.#touched.delete(hash);
    this.#bytes -= transaction.extrinsic.bytes.length;
    const signer = signerOf(transaction.extrinsic);
    if (signer) this.#bySigner.delete(signer, hash);
  }

  /** Takes out a transaction that is in a block: what it provided, the state provides now. */
  fulfil(hash: Hash): void {
    const transaction = this.#all.get(hash);
    if (!transaction) return;
    for (const waiting of this.dependents(transaction)) this.#release(waiting, transaction.validity.provides);
    this.remove(hash);
  }

  /** Replaces what is known of a transaction, and readies or holds back those behind it accordingly. */
  update(hash: Hash, validity: Validity): void {
    const transaction = this.#all.get(hash);
    if (!transaction) return;
    if (sameTags(transaction.validity, validity)) {
      this.#all.set(hash, { ...transaction, validity });
      return;
    }
    this.#unlink(transaction);
    this.#link({ ...transaction, validity });
  }

  /** Transactions whose readiness changed since the last call. */
  takeTransitions(): { hash: Hash; ready: boolean }[] {
    const changed: { hash: Hash; ready: boolean }[] = [];
    for (const [hash, before] of this.#touched) {
      const ready = this.#ready.has(hash);
      if (ready !== before && this.#all.has(hash)) changed.push({ hash, ready });
    }
    this.#touched.clear();
    return changed;
  }

  /** From now on the transaction needs none of these tags. */
  #release({ hash, validity, ...transaction }: PoolTransaction, tags: readonly string[]): void {
    for (const tag of tags) this.#needing.delete(tag, hash);
    const requires = validity.requires.filter((tag) => !tags.includes(tag));
    const released = { ...transaction, hash, validity: { ...validity, requires } };
    this.#all.set(hash, released);
    this.#promote(released);
  }

  #link(transaction: PoolTransaction): void {
    const { hash, validity } = transaction;
    this.#all.set(hash, transaction);
    for (const tag of validity.provides) this.#provider.set(tag, hash);
    for (const tag of validity.requires) this.#needing.add(tag, hash);
    this.#promote(transaction);
  }

  #unlink(transaction: PoolTransaction): void {
    const { hash, validity } = transaction;
    for (const tag of validity.provides) {
      if (this.#provider.get(tag) === hash) this.#provider.delete(tag);
    }
    for (const tag of validity.requires) this.#needing.delete(tag, hash);
    this.#demote(transaction);
  }

  /** Readies a transaction that lacks nothing, then those that waited for it, and so on. */
  #promote(first: PoolTransaction): void {
    const queue = [first];
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (this.#ready.has(next.hash) || !this.#complete(next)) continue;
      this.#touch(next.hash);
      this.#ready.add(next.hash);
      queue.push(...this.dependents(next));
    }
  }

  #demote(first: PoolTransaction): void {
    const queue = [first];
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (!this.#ready.has(next.hash)) continue;
      this.#touch(next.hash);
      this.#ready.delete(next.hash);
      queue.push(...this.dependents(next));
    }
  }

  #complete({ validity }: PoolTransaction): boolean {
    return validity.requires.every((tag) => {
      const provider = this.#provider.get(tag);
      return provider !== undefined && this.#ready.has(provider);
    });
  }

  #touch(hash: Hash): void {
    if (!this.#touched.has(hash)) this.#touched.set(hash, this.#ready.has(hash));
  }
}

const sameTags = (a: Validity, b: Validity): boolean =>
  sameList(a.requires, b.requires) && sameList(a.provides, b.provides);

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((tag, index) => tag === b[index]);
