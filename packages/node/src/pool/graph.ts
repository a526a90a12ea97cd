import type { Hash } from '../header.ts';
import { LeavingOrder } from './leaving-order.ts';
import { NO_TAGS, Tag } from './tag.ts';
import type { PoolTransaction, Validity } from './transaction.ts';

const NOBODY: readonly PoolTransaction[] = [];

/** For each transaction, so many places in the order of leaving: with more of those that have left, it is not kept up any more. */
const MAX_PLACES = 2;

/**
 * Which transaction waits for which. One provides tags (its signer's nonce), another requires them; a transaction is
 * ready when each tag that it requires is provided by a ready one. What the state provides already, the runtime does not
 * list as required.
 */
export class TransactionGraph {
  readonly #all = new Map<Hash, PoolTransaction>();
  /** Those that somebody provides or requires. */
  readonly #tags = new Map<string, Tag>();
  /** Signers without a transaction are not in it. */
  readonly #bySigner = new Map<string, PoolTransaction[]>();
  /** All whose readiness may be another than what was told of it. */
  #changed: PoolTransaction[] = [];
  #bytes = 0;
  #ready = 0;
  /** Of all, once somebody has asked for it: a pool that is full needs it for each newcomer, another one never. */
  #leaving: LeavingOrder | undefined;

  get size(): number {
    return this.#all.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get futureSize(): number {
    return this.#all.size - this.#ready;
  }

  get(hash: Hash): PoolTransaction | undefined {
    return this.#all.get(hash);
  }

  /** In the order of arrival. */
  transactions(): IterableIterator<PoolTransaction> {
    return this.#all.values();
  }

  ofSigner(signer: string): readonly PoolTransaction[] {
    return this.#bySigner.get(signer) ?? NOBODY;
  }

  /** The transactions in the way of one that provides these tags: only one of them can ever be in a block. */
  rivals(provides: readonly string[]): readonly PoolTransaction[] {
    const rivals: PoolTransaction[] = [];
    for (const tag of provides) {
      const rival = this.#tags.get(tag)?.provider;
      if (rival && !rivals.includes(rival)) rivals.push(rival);
    }
    return rivals;
  }

  /** Whether ready transactions provide all of these tags. */
  isProvided(tags: readonly string[]): boolean {
    return tags.every((tag) => this.#tags.get(tag)?.provider?.isReady);
  }

  /** As many as are asked for: those that pay least, of these the latest. */
  leavingFirst(): Iterable<PoolTransaction> {
    this.#leaving ??= new LeavingOrder(this.#all);
    return this.#leaving.first();
  }

  /** What is in the graph with that hash already has to be removed before. */
  add(transaction: PoolTransaction, validity: Validity): void {
    transaction.isPooled = true;
    this.#all.set(transaction.hash, transaction);
    this.#bytes += transaction.extrinsic.bytes.length;
    this.#addToLeaving(transaction);
    this.#addToSigner(transaction);
    this.#link(transaction, validity);
  }

  remove(transaction: PoolTransaction): void {
    if (!transaction.isPooled) return;
    this.#unlink(transaction);
    transaction.isPooled = false;
    transaction.toldReady = false;
    this.#all.delete(transaction.hash);
    this.#bytes -= transaction.extrinsic.bytes.length;
    this.#removeFromSigner(transaction);
  }

  /** Takes out a transaction that is in a block: what it provided, the state provides now. */
  fulfil(transaction: PoolTransaction): void {
    if (!transaction.isPooled) return;
    for (const each of dependentsOf(transaction)) this.#release(each, transaction.provides);
    this.remove(transaction);
  }

  /** Replaces what is known of a transaction, and readies or holds back those behind it accordingly. */
  update(transaction: PoolTransaction, validity: Validity): void {
    if (!transaction.isPooled) return;
    if (transaction.priority !== validity.priority) this.#leaving = undefined;
    transaction.priority = validity.priority;
    transaction.validUntil = validity.validUntil;
    if (areTags(transaction.requires, validity.requires) && areTags(transaction.provides, validity.provides))
      return;
    this.#unlink(transaction);
    this.#link(transaction, validity);
  }

  /** Transactions whose readiness changed since the last call. */
  takeTransitions(): readonly PoolTransaction[] {
    const changed = this.#changed;
    if (changed.length === 0) return changed;
    this.#changed = [];
    let count = 0;
    for (const each of changed) {
      // One that left is neither.
      if (each.isReady === each.toldReady) continue;
      each.toldReady = each.isReady;
      changed[count++] = each;
    }
    changed.length = count;
    return changed;
  }

  #addToLeaving(transaction: PoolTransaction): void {
    if (!this.#leaving) return;
    this.#leaving.add(transaction);
    if (this.#leaving.length > MAX_PLACES * this.size) this.#leaving = undefined;
  }

  #addToSigner(transaction: PoolTransaction): void {
    const { signer } = transaction;
    if (signer === undefined) return;
    let siblings = this.#bySigner.get(signer);
    if (siblings) siblings.push(transaction);
    else this.#bySigner.set(signer, (siblings = [transaction]));
    transaction.siblings = siblings;
  }

  /** Nearly always the first of them leaves; to look through as many as one account may have costs less than a Set of them. */
  #removeFromSigner(transaction: PoolTransaction): void {
    const { signer, siblings } = transaction;
    if (signer === undefined || !siblings) return;
    siblings.splice(siblings.indexOf(transaction), 1);
    if (siblings.length === 0) this.#bySigner.delete(signer);
  }

  /** From now on the transaction needs none of these tags. */
  #release(transaction: PoolTransaction, provided: readonly Tag[]): void {
    const { requires } = transaction;
    transaction.requires = requires.filter((tag) => !provided.includes(tag));
    for (const tag of requires) if (provided.includes(tag)) this.#forgo(transaction, tag);
    this.#promote(transaction);
  }

  #link(transaction: PoolTransaction, { provides, requires }: Validity): void {
    transaction.provides = this.#useAll(provides);
    transaction.requires = this.#useAll(requires);
    for (const tag of transaction.provides) tag.provider = transaction;
    for (const tag of transaction.requires) tag.require(transaction);
    this.#promote(transaction);
  }

  /** It keeps its tags: a block that is being made may take it all the same, and goes on with those behind it. */
  #unlink(transaction: PoolTransaction): void {
    for (const tag of transaction.provides) {
      if (tag.provider === transaction) tag.provider = undefined;
      this.#leave(tag);
    }
    for (const tag of transaction.requires) this.#forgo(transaction, tag);
    this.#demote(transaction);
  }

  #forgo(transaction: PoolTransaction, tag: Tag): void {
    tag.forgo(transaction);
    this.#leave(tag);
  }

  #useAll(names: readonly string[]): readonly Tag[] {
    return names.length === 0 ? NO_TAGS : names.map((name) => this.#use(name));
  }

  #use(name: string): Tag {
    let tag = this.#tags.get(name);
    if (!tag) this.#tags.set(name, (tag = new Tag(name)));
    tag.uses += 1;
    return tag;
  }

  #leave(tag: Tag): void {
    tag.uses -= 1;
    if (tag.uses === 0) this.#tags.delete(tag.name);
  }

  /** Readies a transaction that lacks nothing, then those that waited for it, and so on. */
  #promote(first: PoolTransaction): void {
    const queue = [first];
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (next.isReady || !isComplete(next)) continue;
      this.#turn(next, true);
      queue.push(...dependentsOf(next));
    }
  }

  #demote(first: PoolTransaction): void {
    const queue = [first];
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (!next.isReady) continue;
      this.#turn(next, false);
      queue.push(...dependentsOf(next));
    }
  }

  #turn(transaction: PoolTransaction, isReady: boolean): void {
    transaction.isReady = isReady;
    this.#ready += isReady ? 1 : -1;
    // Nearly always it is the only one until all are told of it: a list that grows has room for many.
    if (this.#changed.length === 0) this.#changed = [transaction];
    else this.#changed.push(transaction);
  }
}

/** Those that require something that the transaction provides. */
export function dependentsOf({ provides }: PoolTransaction): readonly PoolTransaction[] {
  const [only] = provides;
  if (only && provides.length === 1) return only.requiredBy;
  return [...new Set(provides.flatMap(({ requiredBy }) => requiredBy))];
}

/** How many transactions of the pool provide what it requires. */
export function dependenciesOf({ requires }: PoolTransaction): number {
  const [only] = requires;
  if (!only) return 0;
  if (requires.length === 1) return only.provider ? 1 : 0;
  return new Set(requires.flatMap(({ provider }) => provider ?? [])).size;
}

const isComplete = ({ requires }: PoolTransaction): boolean =>
  requires.every(({ provider }) => provider?.isReady);

const areTags = (tags: readonly Tag[], names: readonly string[]): boolean =>
  tags.length === names.length && tags.every(({ name }, index) => name === names[index]);
