import { bytes, fieldsCodec, fixedBytes, tuple, u32, vec, type Infer } from '@hamster/scale';
import { toHex } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import type { Database, RootDatabase } from 'lmdb';
import { equalBytes, plain } from '../bytes.ts';
import { StateError } from '../errors.ts';
import { updateTrie, type Change } from '../trie/build.ts';
import { BulkBuilder } from '../trie/bulk.ts';
import { decodeNode } from '../trie/codec.ts';
import type { NodeSource, Place, StateVersion, Stored } from '../trie/node.ts';
import { readValue, trieEntries } from '../trie/read.ts';
import { EMPTY_ROOT } from '../trie/resolve.ts';
import { countOf } from './count.ts';
import { Journal, type BlockRef } from './journal.ts';
import { keepBase, lastFinal, lastPruned } from './pruner.ts';
import { Tries } from './tries.ts';

const COUNT_BYTES = 4;
const NUMBER_BYTES = 4;
const CACHE_BYTES = 64 * 2 ** 20;
/** Blocks that are looked up at once. */
const PAGE = 256;

const counted = vec(tuple(fixedBytes(32), u32));

const FORMER_ENTRY = fieldsCodec({
  parentHash: fixedBytes(32),
  root: fixedBytes(32),
  inserted: counted,
  removed: counted,
  keys: vec(bytes),
});

export interface ConversionParts {
  readonly env: RootDatabase;
  readonly version?: StateVersion;
  /** Root of the state of a block, which is the parent of all that have a journal. */
  readonly rootOf: (blockHash: Uint8Array) => Uint8Array | undefined;
  /** Told again and again how far it is, of what it will come to: see `size`. */
  readonly onProgress?: (progress: Progress, of: Progress) => void;
}

export interface Progress {
  /** Of the oldest kept state, so far. */
  readonly entries: number;
  /** That came behind it, so far. */
  readonly blocks: number;
}

/** The oldest block with a state. */
interface Base extends BlockRef {
  readonly root: Uint8Array;
  readonly place: Place;
}

const BEFORE_ALL: BlockRef = { number: -1, hash: new Uint8Array(32) };

/**
 * Brings a database into today's layout in which nodes are kept under their hashes, with a number of places that need each. The
 * oldest kept state is stored anew, and each block behind it writes again what it wrote. To be made outside of a transaction.
 */
export class LayoutConversion {
  readonly #parts: Required<ConversionParts>;
  readonly #formerNodes: Database<Buffer, Uint8Array>;
  readonly #formerJournal: Database<Buffer, Uint8Array>;
  readonly #former: NodeSource;
  readonly #tries: Tries;
  readonly #journal: Journal;
  /** About what it will come to: the entries of the latest state, and all blocks that are kept. */
  readonly size: Progress;
  #progress: Progress = { entries: 0, blocks: 0 };

  constructor(parts: ConversionParts) {
    const { env } = parts;
    this.#parts = { version: 1, onProgress: () => undefined, ...parts };
    this.#formerNodes = formerNodes(env);
    this.#formerJournal = env.openDB({ name: 'state-journal', encoding: 'binary', keyEncoding: 'binary' });
    this.#former = formerSource(this.#formerNodes);
    this.#tries = new Tries(env, CACHE_BYTES);
    this.#journal = new Journal(env);
    const flat = env.openDB({ name: 'state-flat', encoding: 'binary', keyEncoding: 'binary' });
    this.size = { entries: countOf(flat), blocks: countOf(this.#formerJournal) };
  }

  /**
   * Inside of a synchronous transaction: all of it, or nothing. Answers what it came to. Throws STATE_CORRUPT when a state is not what
   * its root says, and STATE_UNAVAILABLE when it isn't whole.
   */
  run(): Progress {
    const base = this.#storeBase(this.#oldest());
    for (const block of this.#formerBlocks()) if (block.number > base.number) this.#convert(block, base);
    this.#formerNodes.clearSync();
    this.#formerJournal.clearSync();
    return this.#progress;
  }

  /** The block on which all others with a state stand: back from the final one as far as there are journals that were not applied. */
  #oldest(): BlockRef {
    const pruned = lastPruned(this.#parts.env);
    let oldest = lastFinal(this.#parts.env) ?? BEFORE_ALL;
    while (oldest.number > pruned) {
      const entry = this.#entry(oldest);
      if (!entry) break;
      oldest = { number: oldest.number - 1, hash: entry.parentHash };
    }
    return oldest;
  }

  #rootOf({ number, hash }: BlockRef): Uint8Array {
    if (number < 0) return EMPTY_ROOT;
    const root = this.#parts.rootOf(hash);
    if (root) return root;
    throw new StateError(
      'STATE_CORRUPT',
      `Block #${number} ${toHex(hash)}, the oldest one with a state, is not there`,
    );
  }

  #storeBase(block: BlockRef): Base {
    const root = this.#rootOf(block);
    let place: Place = 0;
    const builder = new BulkBuilder(
      this.#parts.version,
      (_hash, encoded, node) => (place = this.#tries.append(encoded, node)),
    );
    for (const [key, value] of trieEntries({ source: this.#former, root })) {
      builder.add(key, value);
      this.#advance('entries');
    }
    requireRoot(builder.finish(), root);
    if (place > 0) this.#tries.begin(root, place);
    keepBase(this.#parts.env, place);
    return { ...block, root, place };
  }

  /** A block writes again what it wrote, on the state of its parent; one whose parent was given up goes with it. */
  #convert(block: BlockRef, base: Base): void {
    const entry = this.#entry(block);
    const parent = entry && this.#parent(block, entry.parentHash, base);
    if (!parent) return;
    const { parentHash, root, keys, ...nodes } = entry;
    const former = { source: this.#former, root };
    const changes = keys.map((key): Change => [key, readValue(former, key)]);
    const trie = { source: this.#tries.at(parent.place), root: parent.root, version: this.#parts.version };
    const update = updateTrie(trie, changes);
    requireRoot(update.root, root);
    const added = finish(this.#tries.add(update));
    // Of a final block an archive has only the keys.
    const removed = nodes.inserted.length + nodes.removed.length > 0 ? update.removed : [];
    const parentRefs = { parentHash, parentRoot: parent.root, parentPlace: parent.place };
    this.#journal.put(block, { ...added, ...parentRefs, root, removed, keys });
    this.#tries.flush();
    this.#journal.flush();
    this.#advance('blocks');
  }

  #parent({ number }: BlockRef, hash: Uint8Array, base: Base): Pick<Base, 'root' | 'place'> | undefined {
    if (number > base.number + 1) return this.#journal.get({ number: number - 1, hash });
    return base.number < 0 || equalBytes(hash, base.hash) ? base : undefined;
  }

  /** In the order of their numbers. */
  *#formerBlocks(): Generator<BlockRef> {
    let start: Uint8Array | undefined;
    for (;;) {
      const range = start ? { start, exclusiveStart: true, limit: PAGE } : { limit: PAGE };
      const page = [...this.#formerJournal.getKeys(range)].map((key) => Buffer.from(key));
      for (const key of page) {
        yield { number: key.readUInt32BE(), hash: plain(key).subarray(NUMBER_BYTES) };
      }
      start = page.at(-1);
      if (!start) return;
    }
  }

  #entry({ number, hash }: BlockRef): Infer<typeof FORMER_ENTRY> | undefined {
    const key = Buffer.concat([Buffer.alloc(NUMBER_BYTES), hash]);
    key.writeUInt32BE(number);
    const record = this.#formerJournal.get(key);
    return record && FORMER_ENTRY.decode(plain(record));
  }

  #advance(what: keyof Progress): void {
    this.#progress = { ...this.#progress, [what]: this.#progress[what] + 1 };
    this.#parts.onProgress(this.#progress, this.size);
  }
}

/** Those that are there of the tables in which the latest state was kept a second time, entry by entry. */
export const flatTables = (env: RootDatabase): string[] =>
  [...env.getKeys()].map(String).filter((name) => name === 'state-flat' || name === 'state-meta');

/** Removes what nothing reads any more: see `flatTables`. */
export function dropFlatState(env: RootDatabase): void {
  for (const name of flatTables(env))
    env.openDB({ name, encoding: 'binary', keyEncoding: 'binary' }).dropSync();
}

/** A state in a database of the former layout; undefined when it isn't kept. Writes nothing. */
export function formerState(env: RootDatabase, root: Uint8Array): Pick<StateReader, 'get'> | undefined {
  const source = formerSource(formerNodes(env));
  if (source.root(root) === undefined && !equalBytes(root, EMPTY_ROOT)) return undefined;
  return { get: (key) => readValue({ source, root }, key) };
}

const formerNodes = (env: RootDatabase): Database<Buffer, Uint8Array> =>
  env.openDB({ name: 'state-nodes', encoding: 'binary', keyEncoding: 'binary' });

function formerSource(table: Database<Buffer, Uint8Array>): NodeSource {
  const value = ({ hash }: Pick<Stored, 'hash'>): Uint8Array | undefined => {
    const record = table.get(hash);
    return record && plain(record).subarray(COUNT_BYTES);
  };
  return {
    root: (hash) => (table.doesExist(hash) ? 0 : undefined),
    node(ref) {
      const encoded = value(ref);
      return encoded && decodeNode(encoded);
    },
    value,
  };
}

function requireRoot(found: Uint8Array, wanted: Uint8Array): void {
  if (equalBytes(found, wanted)) return;
  throw new StateError('STATE_CORRUPT', `A kept state is ${toHex(found)}, and should be ${toHex(wanted)}`);
}

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
