import { stepKeys } from '../ordered.ts';
import {
  merkleValue,
  WIDTH,
  type ChildRef,
  type MerkleValue,
  type NodeSource,
  type TrieNode,
  type ValueRef,
} from './node.ts';
import { commonLength, fromNibbles, joinNibbles, toNibbles } from './nibbles.ts';
import { childNode, loadValue, rootNode } from './resolve.ts';

export interface Trie {
  readonly source: NodeSource;
  readonly root: Uint8Array;
}

/** The value under `key`. */
export function readValue({ source, root }: Trie, key: Uint8Array): Uint8Array | undefined {
  const ref = findValue(source, root, toNibbles(key));
  return ref && loadValue(source, ref);
}

function findValue(source: NodeSource, root: Uint8Array, key: Uint8Array): ValueRef | undefined {
  let node = rootNode(source, root);
  let depth = 0;
  while (node) {
    if (commonLength(node.partial, key, depth) < node.partial.length) return undefined;
    depth += node.partial.length;
    if (depth === key.length) return node.value;
    const child: ChildRef | undefined = node.children?.at(key[depth++] ?? 0);
    node = child && childNode(source, child);
  }
  return undefined;
}

/** The lexicographic successor of `after`. */
export function nextKey({ source, root }: Trie, after: Uint8Array): Uint8Array | undefined {
  const node = rootNode(source, root);
  const found = node && successor({ source, after: toNibbles(after) }, node, new Uint8Array());
  return found && fromNibbles(found);
}

/** Keys with `prefix`, in order, strictly behind `startAfter`. */
export function trieKeys(trie: Trie, prefix: Uint8Array, startAfter?: Uint8Array): Generator<Uint8Array> {
  const reader = {
    get: (key: Uint8Array) => readValue(trie, key),
    nextKey: (after: Uint8Array) => nextKey(trie, after),
  };
  return stepKeys(reader, prefix, startAfter);
}

/** All entries, in order: each node is asked for once. */
export function* trieEntries({ source, root }: Trie): Generator<readonly [Uint8Array, Uint8Array]> {
  const node = rootNode(source, root);
  if (node) yield* entriesBelow(source, node, NOTHING);
}

/** Of the subtree of `node`, which hangs at `path`. */
function* entriesBelow(
  source: NodeSource,
  node: TrieNode,
  path: Uint8Array,
): Generator<readonly [Uint8Array, Uint8Array]> {
  const full = joinNibbles(path, undefined, node.partial);
  if (node.value) yield [fromNibbles(full), loadValue(source, node.value)];
  for (const [nibble, child] of (node.children?.list() ?? []).entries()) {
    if (child) yield* entriesBelow(source, childNode(source, child), joinNibbles(full, nibble, NOTHING));
  }
}

interface Search {
  readonly source: NodeSource;
  readonly after: Uint8Array;
}

/** The first key behind `search.after` in the subtree of `node`, which hangs at `path`. */
function successor(search: Search, node: TrieNode, path: Uint8Array): Uint8Array | undefined {
  const full = joinNibbles(path, undefined, node.partial);
  const order = compareNibbles(full, search.after);
  if (order > 0) return first(search.source, node, full);
  if (full.length === search.after.length && order === 0) return firstBelow(search, node, full, 0);
  if (commonLength(full, search.after, 0) < full.length) return undefined;
  const turn = search.after[full.length] ?? 0;
  const child = node.children?.at(turn);
  const found = child && successor(search, childNode(search.source, child), joinNibbles(full, turn, NOTHING));
  return found ?? firstBelow(search, node, full, turn + 1);
}

/** The first key of the whole subtree. */
function first(source: NodeSource, node: TrieNode, full: Uint8Array): Uint8Array | undefined {
  return node.value ? full : firstBelow({ source, after: NOTHING }, node, full, 0);
}

/** The first key under the children from `from` on. */
function firstBelow(
  { source }: Search,
  node: TrieNode,
  full: Uint8Array,
  from: number,
): Uint8Array | undefined {
  for (let nibble = from; nibble < WIDTH; nibble++) {
    const ref = node.children?.at(nibble);
    if (!ref) continue;
    const child = childNode(source, ref);
    return first(source, child, joinNibbles(full, nibble, child.partial));
  }
  return undefined;
}

const NOTHING = new Uint8Array();

const compareNibbles = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);

/** Merkle value of the node at `key` or of the closest one below it; the root's is always its hash. */
export function closestMerkleValue({ source, root }: Trie, key: Uint8Array): MerkleValue | undefined {
  const nibbles = toNibbles(key);
  let ref = root;
  let node = rootNode(source, root);
  let depth = 0;
  while (node) {
    const common = commonLength(node.partial, nibbles, depth);
    if (depth + common === nibbles.length) return ref;
    if (common < node.partial.length) return undefined;
    depth += common;
    const child: ChildRef | undefined = node.children?.at(nibbles[depth++] ?? 0);
    if (!child) return undefined;
    ref = merkleValue(child);
    node = childNode(source, child);
  }
  return undefined;
}
