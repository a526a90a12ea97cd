import { blake2b256 } from '@hamster/crypto';
import { toKey } from '../bytes.ts';
import { updateTrieInSlices, type Change, type TrieBase } from './build.ts';
import { decodeNode, EMPTY_NODE, encodeNode } from './codec.ts';
import type { NodeSource, TrieNode } from './node.ts';
import { readValue, type Trie } from './read.ts';

/**
 * What a reader needs to look up `keys` (present or not) knowing only the root: the encoded nodes on the ways, and the
 * values stored apart. The same set, in no particular order, as Substrate's `state_getReadProof`.
 */
export function readProof(trie: Trie, keys: readonly Uint8Array[]): Uint8Array[] {
  const { source, proof } = recorded(trie.source);
  for (const key of keys) readValue({ source, root: trie.root }, key);
  return proof();
}

/**
 * What somebody needs who reads `keys` and then makes `changes`, knowing only the root: all that is touched on both ways. `pause` is
 * awaited in between, again and again, so that the caller may let others work.
 */
export async function witness(
  { version, ...trie }: TrieBase,
  { keys, changes }: Touched,
  pause: () => Promise<void>,
): Promise<Uint8Array[]> {
  const { source, proof } = recorded(trie.source);
  for (const key of keys) {
    readValue({ source, root: trie.root }, key);
    await pause();
  }
  await updateTrieInSlices({ source, root: trie.root, version }, changes, pause);
  return proof();
}

/** What is read of a state, and what is made of it. */
export interface Touched {
  readonly keys: readonly Uint8Array[];
  readonly changes: readonly Change[];
}

/** The same source, and a proof of what it has been asked for. */
function recorded(inner: NodeSource): { readonly source: NodeSource; proof(): Uint8Array[] } {
  const seen = new Map<string, Uint8Array>();
  const source: NodeSource = {
    root: (hash) => inner.root(hash),
    node(ref) {
      const node = inner.node(ref);
      const key = toKey(ref.hash);
      // The ways of many keys begin alike.
      if (node && !seen.has(key)) seen.set(key, encodeNode(node));
      return node;
    },
    value(ref) {
      const value = inner.value(ref);
      if (value) seen.set(toKey(ref.hash), value);
      return value;
    },
  };
  return { source, proof: () => (seen.size > 0 ? [...seen.values()] : [EMPTY_NODE]) };
}

/** A source of the nodes in a proof: reading what it doesn't prove throws STATE_UNAVAILABLE. */
export function proofSource(proof: readonly Uint8Array[]): NodeSource {
  return sourceOf(new Map(proof.map((item) => [toKey(blake2b256(item)), item])));
}

/** As `proofSource`; `pause` is awaited in between, again and again. */
export async function proofSourceInSlices(
  proof: readonly Uint8Array[],
  pause: () => Promise<void>,
): Promise<NodeSource> {
  const byHash = new Map<string, Uint8Array>();
  for (const item of proof) {
    byHash.set(toKey(blake2b256(item)), item);
    await pause();
  }
  return sourceOf(byHash);
}

function sourceOf(byHash: ReadonlyMap<string, Uint8Array>): NodeSource {
  return {
    root: (hash) => (byHash.has(toKey(hash)) ? 0 : undefined),
    node({ hash }): TrieNode | undefined {
      const bytes = byHash.get(toKey(hash));
      return bytes && decodeNode(bytes);
    },
    value: ({ hash }) => byHash.get(toKey(hash)),
  };
}
