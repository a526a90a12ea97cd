import { placed, type Place, type TrieNode } from '../trie/node.ts';
import { PLACE_BYTES, putPlace } from '../trie/places.ts';

/** What is stored of a node: its encoding, then the places of what it refers to. Of a value: its bytes. */
export function recordOf(bytes: Uint8Array, node: TrieNode | undefined): Buffer {
  const value = node?.value && 'hash' in node.value ? node.value : undefined;
  const places = node?.children?.places;
  const behind = bytes.length + (value ? PLACE_BYTES : 0);
  const record = Buffer.allocUnsafe(behind + (places?.length ?? 0));
  record.set(bytes);
  if (value) putPlace(record, bytes.length, value.place);
  if (places) record.set(places, behind);
  return record;
}

/** The same node, once the first of what comes with it is at `first`. */
export function nodePlaced({ partial, value, children }: TrieNode, first: Place): TrieNode {
  return {
    partial,
    value: value && 'hash' in value ? { hash: value.hash, place: placed(value.place, first) } : value,
    children: children?.placed(first),
  };
}
