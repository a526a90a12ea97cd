import { blake2b256, toHex } from '@hamster/crypto';
import { StateError } from '../errors.ts';
import { decodeNode, EMPTY_NODE } from './codec.ts';
import { HASH_LENGTH, type MerkleValue, type NodeSource, type TrieNode, type ValueRef } from './node.ts';
import { equalBytes } from '../bytes.ts';

/** Root of a trie without entries: blake2b-256 of one zero byte. */
export const EMPTY_ROOT: Uint8Array = blake2b256(EMPTY_NODE);

/** The node at the root; undefined in an empty trie. Throws STATE_UNAVAILABLE when it isn't there. */
export function rootNode(source: NodeSource, root: Uint8Array): TrieNode | undefined {
  return equalBytes(root, EMPTY_ROOT) ? undefined : storedNode(source, root);
}

/** The node behind a child's merkle value. */
export function childNode(source: NodeSource, ref: MerkleValue): TrieNode {
  if (ref.length === HASH_LENGTH) return storedNode(source, ref);
  const node = decodeNode(ref);
  if (!node) throw new StateError('STATE_CORRUPT', 'A branch holds an empty child');
  return node;
}

export function loadValue(source: NodeSource, ref: ValueRef): Uint8Array {
  if ('inline' in ref) return ref.inline;
  return source.value(ref.hash) ?? missing('value', ref.hash);
}

const storedNode = (source: NodeSource, hash: Uint8Array): TrieNode =>
  source.node(hash) ?? missing('node', hash);

function missing(what: string, hash: Uint8Array): never {
  throw new StateError(
    'STATE_UNAVAILABLE',
    `State ${what} ${toHex(hash)} is not here: pruned, or never known`,
  );
}
