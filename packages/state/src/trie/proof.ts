import { blake2b256 } from '@hamster/crypto';
import { toKey } from '../bytes.ts';
import { decodeNode, EMPTY_NODE, encodeNode } from './codec.ts';
import type { NodeSource, TrieNode } from './node.ts';
import { readValue, type Trie } from './read.ts';

/**
 * What a reader needs to look up `keys` (present or not) knowing only the root: the encoded nodes on the ways, and the
 * values stored apart. The same set, in no particular order, as Substrate's `state_getReadProof`.
 */
export function readProof(trie: Trie, keys: readonly Uint8Array[]): Uint8Array[] {
  const seen = new Map<string, Uint8Array>();
  const recording: NodeSource = {
    root: (hash) => trie.source.root(hash),
    node(ref) {
      const node = trie.source.node(ref);
      if (node) seen.set(toKey(ref.hash), encodeNode(node));
      return node;
    },
    value(ref) {
      const value = trie.source.value(ref);
      if (value) seen.set(toKey(ref.hash), value);
      return value;
    },
  };
  for (const key of keys) readValue({ source: recording, root: trie.root }, key);
  return seen.size > 0 ? [...seen.values()] : [EMPTY_NODE];
}

/** A source of the nodes in a proof: reading what it doesn't prove throws STATE_UNAVAILABLE. */
export function proofSource(proof: readonly Uint8Array[]): NodeSource {
  const byHash = new Map(proof.map((item) => [toKey(blake2b256(item)), item]));
  return {
    root: (hash) => (byHash.has(toKey(hash)) ? 0 : undefined),
    node({ hash }): TrieNode | undefined {
      const bytes = byHash.get(toKey(hash));
      return bytes && decodeNode(bytes);
    },
    value: ({ hash }) => byHash.get(toKey(hash)),
  };
}
