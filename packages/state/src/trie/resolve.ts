import { blake2b256, toHex } from '@hamster/crypto';
import { StateError } from '../errors.ts';
import { decodeNode, EMPTY_NODE } from './codec.ts';
import type { ChildRef, NodeSource, Stored, TrieNode, ValueRef } from './node.ts';
import { equalBytes } from '../bytes.ts';

/** Root of a trie without entries: blake2b-256 of one zero byte. */
export const EMPTY_ROOT: Uint8Array = blake2b256(EMPTY_NODE);

/** The root with that hash; undefined of an empty trie. Throws STATE_UNAVAILABLE when it isn't there. */
export function rootRef(source: NodeSource, root: Uint8Array): Stored | undefined {
  if (equalBytes(root, EMPTY_ROOT)) return undefined;
  return { hash: root, place: source.root(root) ?? missing('node', root) };
}

/** The node at the root; undefined in an empty trie. Throws STATE_UNAVAILABLE when it isn't there. */
export function rootNode(source: NodeSource, root: Uint8Array): TrieNode | undefined {
  const ref = rootRef(source, root);
  return ref && childNode(source, ref);
}

/** The node that a child stands for. */
export function childNode(source: NodeSource, child: ChildRef): TrieNode {
  if (!(child instanceof Uint8Array)) return source.node(child) ?? missing('node', child.hash);
  const node = decodeNode(child);
  if (!node) throw new StateError('STATE_CORRUPT', 'A branch holds an empty child');
  return node;
}

export function loadValue(source: NodeSource, ref: ValueRef): Uint8Array {
  if ('inline' in ref) return ref.inline;
  return source.value(ref) ?? missing('value', ref.hash);
}

function missing(what: string, hash: Uint8Array): never {
  throw new StateError(
    'STATE_UNAVAILABLE',
    `State ${what} ${toHex(hash)} is not here: pruned, or never known`,
  );
}
