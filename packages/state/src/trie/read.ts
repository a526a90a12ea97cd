import { startsWith } from '../bytes.ts';
import { TrieCursor } from './cursor.ts';
import { commonLength, toNibbles } from './nibbles.ts';
import { merkleValue, type ChildRef, type MerkleValue, type NodeSource, type ValueRef } from './node.ts';
import { childNode, loadValue, rootNode } from './resolve.ts';

export interface Trie {
  readonly source: NodeSource;
  readonly root: Uint8Array;
}

/** The value under `key`. */
export function readValue({ source, root }: Trie, key: Uint8Array): Uint8Array | undefined {
  const ref = findValue(source, root, key);
  return ref && loadValue(source, ref);
}

function findValue(source: NodeSource, root: Uint8Array, key: Uint8Array): ValueRef | undefined {
  const nibbles = nibblesOf(key);
  const end = key.length * 2;
  let node = rootNode(source, root);
  let depth = 0;
  while (node) {
    if (commonLength(node.partial, nibbles, depth) < node.partial.length) return undefined;
    depth += node.partial.length;
    if (depth >= end) return depth === end ? node.value : undefined;
    const child: ChildRef | undefined = node.children?.at(nibbles[depth++] ?? 0);
    node = child && childNode(source, child);
  }
  return undefined;
}

/** Of the key at hand: an array of that length for each would have memory outside of V8's heap. */
let shared = new Uint8Array(256);

/** In memory that the next key takes. What is behind the key is left over from others. */
function nibblesOf(key: Uint8Array): Uint8Array {
  if (shared.length < key.length * 2) shared = new Uint8Array(key.length * 2);
  return toNibbles(key, shared);
}

/** The lexicographic successor of `after`. */
export const nextKey = ({ source, root }: Trie, after: Uint8Array): Uint8Array | undefined =>
  new TrieCursor(source, root, after, { above: true }).next()?.key;

/** Keys with `prefix`, in order, strictly behind `startAfter`. May be stopped and taken up again later. */
export function* trieKeys(
  { source, root }: Trie,
  prefix: Uint8Array,
  startAfter?: Uint8Array,
): Generator<Uint8Array> {
  const above = startAfter !== undefined && Buffer.compare(startAfter, prefix) >= 0;
  const cursor = new TrieCursor(source, root, above ? startAfter : prefix, { above });
  for (let found = cursor.next(); found && startsWith(found.key, prefix); found = cursor.next())
    yield found.key;
}

/** All entries, in order: each node is asked for once. */
export function* trieEntries({ source, root }: Trie): Generator<readonly [Uint8Array, Uint8Array]> {
  const cursor = new TrieCursor(source, root, new Uint8Array());
  for (let found = cursor.next(); found; found = cursor.next()) yield [found.key, found.value()];
}

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
