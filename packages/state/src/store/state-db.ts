import type { StateReader } from '@hamster/frame';
import type { RootDatabase } from 'lmdb';
import { equalBytes } from '../bytes.ts';
import { StateError } from '../errors.ts';
import type { Overlay } from '../overlay/overlay.ts';
import { updateTrie, updateTrieInSlices, type Change } from '../trie/build.ts';
import type { TrieUpdate } from '../trie/builder.ts';
import { BulkBuilder } from '../trie/bulk.ts';
import type { Place, StateVersion } from '../trie/node.ts';
import { readProof, type Touched, witness } from '../trie/proof.ts';
import { closestMerkleValue, type Trie } from '../trie/read.ts';
import { EMPTY_ROOT } from '../trie/resolve.ts';
import { Journal, type BlockRef } from './journal.ts';
import { KnownState } from './known-state.ts';
import { keepBase, Pruner, type Pruning } from './pruner.ts';
import { StoredState } from './stored-state.ts';
import { Tries } from './tries.ts';

const DEFAULT_CACHE_BYTES = 128 * 2 ** 20;
export const DEFAULT_PRUNING = 256;

export interface StateDbOptions {
  /** The environment that also holds the blocks, so that both are committed together. */
  readonly env: RootDatabase;
  readonly version?: StateVersion;
  /** States of how many final blocks are kept. Default 256. */
  readonly pruning?: Pruning;
  /** Bound of the cache of decoded nodes. Default 128 MiB. */
  readonly cacheBytes?: number;
}

/** A state computed but not yet written. */
export interface StateUpdate extends TrieUpdate {
  readonly parentRoot: Uint8Array;
  readonly changes: readonly Change[];
}

export interface WrittenBlock extends BlockRef {
  readonly parentHash: Uint8Array;
}

/**
 * States of many blocks in one LMDB environment. The methods that write (`write`, `finalize`, `revert`) stage what is to be written,
 * and nobody sees it: `flush`, inside of a transaction or a batch of the caller, hands it to LMDB, and `settle` has to be called when
 * that has ended, whether it was committed or not. One such sequence comes after the other.
 */
export class StateDb {
  readonly #env: RootDatabase;
  readonly #tries: Tries;
  readonly #journal: Journal;
  readonly #pruner: Pruner;
  readonly #version: StateVersion;
  readonly #known = new KnownState();

  constructor({
    env,
    version = 1,
    pruning = DEFAULT_PRUNING,
    cacheBytes = DEFAULT_CACHE_BYTES,
  }: StateDbOptions) {
    this.#env = env;
    this.#tries = new Tries(env, cacheBytes);
    this.#journal = new Journal(env);
    this.#pruner = new Pruner({ env, journal: this.#journal, tries: this.#tries, pruning });
    this.#version = version;
  }

  /** Whether the state with this root is kept. The empty state always is. */
  has(root: Uint8Array): boolean {
    return equalBytes(root, EMPTY_ROOT) || this.#tries.has(root);
  }

  /** The state with this root; undefined when it isn't kept. Reading it after it was pruned throws STATE_UNAVAILABLE. */
  at(root: Uint8Array): StateReader | undefined {
    return this.has(root) ? new StoredState(this.#trie(root)) : undefined;
  }

  /** The state with this root, writable in memory. */
  overlay(root: Uint8Array): Overlay | undefined {
    const base = this.at(root);
    return base && this.#known.overlay(root, base);
  }

  /** What `changes` make of the state at `parentRoot`. Reads only. Throws STATE_UNAVAILABLE when that isn't kept. */
  prepare(parentRoot: Uint8Array, changes: readonly Change[]): StateUpdate {
    const update = updateTrie({ ...this.#trie(parentRoot), version: this.#version }, changes);
    return { ...update, parentRoot, changes };
  }

  /** As `prepare`, with rests in between: see `updateTrieInSlices`. */
  async prepareInSlices(
    parentRoot: Uint8Array,
    changes: readonly Change[],
    pause: () => Promise<void>,
  ): Promise<StateUpdate> {
    const base = { ...this.#trie(parentRoot), version: this.#version };
    return { ...(await updateTrieInSlices(base, changes, pause)), parentRoot, changes };
  }

  /** Stages the state of a block, with stops at which others may work. A block of number 0 has no parent to go back to. */
  *write(block: WrittenBlock, update: StateUpdate): Generator<void> {
    const { parentRoot, root, changes, from, removed, ...trie } = this.#fitting(block, update);
    const added = yield* this.#tries.add({ ...trie, root, from, removed });
    yield* this.#known.stage(update);
    this.#journal.put(block, {
      ...added,
      ...{ root, parentRoot, parentPlace: from, removed },
      parentHash: block.parentHash,
      keys: changes.map(([key]) => key),
    });
  }

  /**
   * Stores a whole state into a database that has none, as the state of a block without parent, of which `changes` are not known;
   * not staged: inside of a synchronous transaction. The entries come in the order of their keys, as many as there are: they are not
   * held. Answers the root. Throws STATE_ORDER.
   */
  fill(entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>): Uint8Array {
    if (this.#tries.size() > 0) {
      throw new StateError('STATE_ORDER', 'A whole state goes only into a database that has none');
    }
    let last: Place = 0;
    const builder = new BulkBuilder(
      this.#version,
      (_hash, bytes, node) => (last = this.#tries.append(bytes, node)),
    );
    for (const [key, value] of entries) builder.add(key, value);
    const root = builder.finish();
    if (last > 0) this.#tries.begin(root, last);
    keepBase(this.#env, last);
    return root;
  }

  /** Stages that `block` stays, with stops: rivals go at once, and states that became too old with them. Throws STATE_ORDER. */
  finalize(block: BlockRef): Generator<void> {
    return this.#pruner.finalize(block);
  }

  /**
   * Takes the state of a block back, so that its parent is the last one again; no other block may stand on it. With stops.
   * Throws STATE_UNAVAILABLE when the parent's state isn't kept.
   */
  *revert(block: BlockRef, parentRoot: Uint8Array): Generator<void> {
    const entry = this.#journal.get(block);
    if (!entry || !this.has(parentRoot)) {
      throw new StateError(
        'STATE_UNAVAILABLE',
        `The state before block #${block.number} is not kept any more`,
      );
    }
    yield* this.#tries.undo(entry);
    this.#journal.delete(block);
    this.#pruner.revert({ number: block.number - 1, hash: entry.parentHash });
  }

  /** Hands all that is staged to LMDB. Inside of a transaction or a batch. */
  flush(): void {
    this.#tries.flush();
    this.#journal.flush();
    this.#pruner.flush();
  }

  /** To be called when the transaction or batch has ended, either way. What was staged and not flushed is forgotten. */
  settle(): void {
    this.#tries.clear();
    this.#journal.clear();
    this.#pruner.clear();
    this.#known.settle();
  }

  /** Keys that the block wrote or deleted, in order; undefined when its parent's state is no longer kept. */
  changes(block: BlockRef): readonly Uint8Array[] | undefined {
    return this.#journal.get(block)?.keys;
  }

  /** Encoded nodes and values that prove `keys` against `root`; undefined when the state isn't kept. */
  proof(root: Uint8Array, keys: readonly Uint8Array[]): Uint8Array[] | undefined {
    return this.has(root) ? readProof(this.#trie(root), keys) : undefined;
  }

  /** What somebody needs who reads and makes this knowing only `root`: see `witness`. Rejects with STATE_UNAVAILABLE without that state. */
  witness(root: Uint8Array, touched: Touched, pause: () => Promise<void>): Promise<Uint8Array[]> {
    return witness({ source: this.#tries, root, version: this.#version }, touched, pause);
  }

  /** Merkle value of the node at `key` or of the closest one below it. */
  closestMerkleValue(root: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    return this.has(root) ? closestMerkleValue(this.#trie(root), key) : undefined;
  }

  /** Stored nodes and hashed values, of all kept states together. */
  nodeCount(): number {
    return this.#tries.size();
  }

  /** The update as it is on the very trie that the parent block left: another one may have the same root, and will go at another time. */
  #fitting({ number, parentHash }: WrittenBlock, update: StateUpdate): StateUpdate {
    const { from, parentRoot, changes } = update;
    const places = this.#tries.stagedPlaces(parentRoot);
    if (places.length === 0 && from === 0) return update;
    if (places.length === 1 && places[0] === from) return update;
    const parent = this.#journal.staged({ number: number - 1, hash: parentHash });
    const place = parent?.place ?? this.#pruner.base() ?? from;
    if (!places.includes(place)) {
      throw new StateError('STATE_UNAVAILABLE', `The state before block #${number} is not kept any more`);
    }
    if (place === from) return update;
    const base = { source: this.#tries.at(place), root: parentRoot, version: this.#version };
    return { ...updateTrie(base, changes), parentRoot, changes };
  }

  #trie(root: Uint8Array): Trie {
    return { source: this.#tries, root };
  }
}
