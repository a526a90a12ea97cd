import { Pages } from '@hamster/scale';
import type { Database, RangeOptions, RootDatabase } from 'lmdb';
import { answered, equalBytes, plain, startsWith } from '../bytes.ts';
import { StateError } from '../errors.ts';
import { MAX_KEY_LENGTH } from '../keys.ts';
import type { Change } from '../trie/build.ts';
import { EMPTY_ROOT } from '../trie/resolve.ts';
import { PER_STOP } from './stops.ts';

const ROOT = 'flat-root';

/**
 * One state as a plain ordered table: the one that is read most. A read costs one look-up instead of a walk from the
 * root. It answers only for the state whose root it carries.
 */
export class FlatTable {
  readonly #table: Database<Buffer, Uint8Array>;
  readonly #meta: Database<Buffer, string>;
  /** In the order in which they are to be made; undefined to remove the record. */
  readonly #staged: { readonly key: Uint8Array; readonly value: Buffer | undefined }[] = [];
  readonly #pages = new Pages();
  #stagedRoot: Uint8Array | undefined;
  /** Undefined while a commit is under way: then every look has to find out which state it sees. */
  #root: Uint8Array | undefined;

  constructor(env: RootDatabase) {
    this.#table = env.openDB({ name: 'state-flat', encoding: 'binary', keyEncoding: 'binary' });
    this.#meta = env.openDB({ name: 'state-meta', encoding: 'binary' });
    this.settle();
  }

  /** To be called when a transaction that wrote here has ended, either way. What was not flushed is forgotten. */
  settle(): void {
    this.#staged.length = 0;
    this.#stagedRoot = undefined;
    this.#root = this.#storedRoot();
  }

  holds(root: Uint8Array): boolean {
    return equalBytes(this.#root ?? this.#storedRoot(), root);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) return undefined;
    const found = this.#table.getBinaryFast(key);
    if (!found) return undefined;
    const value = this.#pages.take(found.length);
    value.set(answered(found));
    return value;
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    return this.#list(behind(after), 1)[0];
  }

  /** Up to `limit` keys with `prefix` behind `after`. Read at once, so that no cursor stays open. */
  page(prefix: Uint8Array, after: Uint8Array | undefined, limit: number): Uint8Array[] {
    const further = after !== undefined && Buffer.compare(after, prefix) >= 0;
    const range = further
      ? behind(after)
      : { ...behind(prefix), exclusiveStart: prefix.length > MAX_KEY_LENGTH };
    return this.#list(range, limit).filter((key) => startsWith(key, prefix));
  }

  /** Stages the way from the state at `from` to the one at `to`, with stops. No-op when this is another one. */
  *move(from: Uint8Array, to: Uint8Array, changes: Iterable<Change>): Generator<void> {
    if (!equalBytes(this.#stagedRoot ?? this.#storedRoot(), from)) return;
    let count = 0;
    for (const [key, value] of changes) {
      this.#staged.push({ key, value: value && Buffer.from(value) });
      if (++count % PER_STOP === 0) yield;
    }
    this.#stagedRoot = to;
  }

  /** Hands what is staged to LMDB. Inside of a transaction or a batch. */
  flush(): void {
    if (!this.#stagedRoot) return;
    for (const { key, value } of this.#staged) {
      if (value) void this.#table.put(key, value);
      else void this.#table.remove(key);
    }
    this.#staged.length = 0;
    void this.#meta.put(ROOT, Buffer.from(this.#stagedRoot));
    this.#root = undefined;
  }

  /** Throws STATE_ORDER when there is a state already. */
  requireEmpty(): void {
    if (equalBytes(this.#storedRoot(), EMPTY_ROOT)) return;
    throw new StateError('STATE_ORDER', 'A whole state goes only into a database that has none');
  }

  /** One entry behind all that are there, at once; `become` has to follow. Inside of a synchronous transaction. */
  append(key: Uint8Array, value: Uint8Array): void {
    this.#table.putSync(key, asBuffer(value), { append: true });
  }

  /** From now on, once the transaction is committed, this is the state with that root. */
  become(root: Uint8Array): void {
    this.#meta.putSync(ROOT, Buffer.from(root));
    this.#root = undefined;
  }

  #storedRoot(): Uint8Array {
    const root = this.#meta.get(ROOT);
    return root ? plain(root) : EMPTY_ROOT;
  }

  #list(range: RangeOptions, limit: number): Uint8Array[] {
    return [...this.#table.getKeys({ ...range, limit })].map((key) => Uint8Array.from(key));
  }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The range behind `after`. No key here is longer than the bound, so the rest of a longer one makes no difference. */
function behind(after: Uint8Array): RangeOptions {
  return after.length === 0 ? {} : { start: after.subarray(0, MAX_KEY_LENGTH), exclusiveStart: true };
}
