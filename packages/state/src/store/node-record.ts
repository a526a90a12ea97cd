import type { ChildRef, Place, Stored, TrieNode, ValueRef } from '../trie/node.ts';
import { PLACE_BYTES } from './places.ts';

/** What is stored of a node: its encoding, then the places of what it refers to. Of a value: its bytes. */
export function recordOf(bytes: Uint8Array, node: TrieNode | undefined): Buffer {
  const places = node ? placesIn(node) : [];
  const record = Buffer.allocUnsafe(bytes.length + places.length * PLACE_BYTES);
  record.set(bytes);
  let at = bytes.length;
  for (const place of places) at = record.writeUIntLE(place, at, PLACE_BYTES);
  return record;
}

/** Of its value, then of its children in their order. */
function placesIn({ value, children }: TrieNode): Place[] {
  const places = value && 'hash' in value ? [value.place] : [];
  if (!children) return places;
  for (const child of children) if (child && !(child instanceof Uint8Array)) places.push(child.place);
  return places;
}

/** The same node, with other places for what it refers to. */
export function atPlaces({ partial, value, children }: TrieNode, to: (place: Place) => Place): TrieNode {
  return {
    partial,
    value: value && movedValue(value, to),
    children: children?.map((child) => child && movedChild(child, to)),
  };
}

const movedValue = (value: ValueRef, to: (place: Place) => Place): ValueRef =>
  'hash' in value ? moved(value, to) : value;

const movedChild = (child: ChildRef, to: (place: Place) => Place): ChildRef =>
  child instanceof Uint8Array ? child : moved(child, to);

/** The same object where nothing changes, as with most children of a large branch. */
function moved(ref: Stored, to: (place: Place) => Place): Stored {
  const place = to(ref.place);
  return place === ref.place ? ref : { hash: ref.hash, place };
}
