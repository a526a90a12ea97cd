import { compact, u32 } from '@hamster/scale';
import { TrieBuilder, type TrieUpdate } from './builder.ts';
import { BulkBuilder } from './bulk.ts';
import type { NodeSource, Place, StateVersion } from './node.ts';
import { EMPTY_ROOT } from './resolve.ts';

/** One entry to write, or to delete when the value is undefined. */
export type Change = readonly [key: Uint8Array, value: Uint8Array | undefined];

export interface TrieBase {
  readonly source: NodeSource;
  readonly root: Uint8Array;
  readonly version: StateVersion;
}

const INDEX = compact(u32);

/** Well below a millisecond of work. */
const CHANGES_PER_STEP = 32;

const NOTHING: NodeSource = { root: () => undefined, node: () => undefined, value: () => undefined };
const NOWHERE = (): Place => 0;

/** The trie that `changes` make of the one at `base.root`, as its new root and the nodes that come and go. Writes nothing. */
export function updateTrie({ source, root, version }: TrieBase, changes: Iterable<Change>): TrieUpdate {
  const builder = new TrieBuilder(source, root, version);
  apply(builder, changes);
  return builder.seal();
}

/** As `updateTrie`; `pause` is awaited in between, again and again, so that the caller may let others work. */
export async function updateTrieInSlices(
  { source, root, version }: TrieBase,
  changes: readonly Change[],
  pause: () => Promise<void>,
): Promise<TrieUpdate> {
  const builder = new TrieBuilder(source, root, version);
  for (let from = 0; from < changes.length; from += CHANGES_PER_STEP) {
    apply(builder, changes.slice(from, from + CHANGES_PER_STEP));
    await pause();
  }
  for (const _ of builder.sealParts()) await pause();
  return builder.seal();
}

function apply(builder: TrieBuilder, changes: Iterable<Change>): void {
  for (const [key, value] of changes) {
    if (value) builder.put(key, value);
    else builder.delete(key);
  }
}

/** Root of the trie with exactly these entries. */
export function trieRoot(entries: Iterable<Change>, version: StateVersion): Uint8Array {
  return updateTrie({ source: NOTHING, root: EMPTY_ROOT, version }, entries).root;
}

/** As `trieRoot`, of entries in the order of their keys, none of which is held. Throws STATE_ORDER. */
export function sortedTrieRoot(
  entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
  version: StateVersion,
): Uint8Array {
  const builder = new BulkBuilder(version, NOWHERE);
  for (const [key, value] of entries) builder.add(key, value);
  return builder.finish();
}

/** Root of a list: the trie of SCALE compact index → item. Substrate's extrinsics root is this, in version 0. */
export function orderedRoot(items: readonly Uint8Array[], version: StateVersion): Uint8Array {
  const builder = new BulkBuilder(version, NOWHERE);
  for (const { key, item } of inOrder(items)) builder.add(key, item);
  return builder.finish();
}

/** As `orderedRoot`; `pause` is awaited in between, again and again. */
export async function orderedRootInSlices(
  items: readonly Uint8Array[],
  version: StateVersion,
  pause: () => Promise<void>,
): Promise<Uint8Array> {
  const builder = new BulkBuilder(version, NOWHERE);
  let added = 0;
  for (const { key, item } of inOrder(items)) {
    builder.add(key, item);
    if (++added % CHANGES_PER_STEP === 0) await pause();
  }
  return builder.finish();
}

/** By their keys, which begin with the lowest bits of the index. */
function inOrder(items: readonly Uint8Array[]) {
  const keyed = items.map((item, index) => {
    const key = INDEX.encode(index);
    return { item, key, rank: rankOf(key) };
  });
  return keyed.sort((a, b) => a.rank - b.rank);
}

/** Compares as the bytes do, of which an index has four at most. */
const rankOf = ([first = 0, second = 0, third = 0, fourth = 0]: Uint8Array): number =>
  ((first * 256 + second) * 256 + third) * 256 + fourth;
