import type { Children } from './children.ts';

/** 0: values stay in their nodes. 1: values longer than 32 bytes are stored apart. */
export type StateVersion = 0 | 1;

/** What a parent commits to of its child: the hash of the encoded node, or the encoded node itself when it is shorter than 32 bytes. */
export type MerkleValue = Uint8Array;

/**
 * Where in the store a node or value is: a number from 1 on. 0 where nothing is stored, as in a proof or for an empty trie. In an
 * update it may be one that comes with it and has no number yet: see `freshPlace`.
 */
export type Place = number;

/** A node or value that is stored apart. */
export interface Stored {
  /** 32 bytes: what it is. */
  readonly hash: Uint8Array;
  readonly place: Place;
}

/** A child that is stored, or the encoded node itself. */
export type ChildRef = Stored | Uint8Array;

export type ValueRef = { readonly inline: Uint8Array } | Stored;

export const HASH_LENGTH = 32;
export const WIDTH = 16;

/** A decoded node, never changed after it was decoded. A node without children is a leaf. */
export interface TrieNode {
  readonly partial: Uint8Array;
  readonly value: ValueRef | undefined;
  readonly children: Children | undefined;
}

/** Where encoded nodes and hashed values come from. All answer undefined for what they don't hold. */
export interface NodeSource {
  /** Where the root with that hash is. */
  root(hash: Uint8Array): Place | undefined;
  node(ref: Stored): TrieNode | undefined;
  value(ref: Stored): Uint8Array | undefined;
}

export const merkleValue = (child: ChildRef): MerkleValue =>
  child instanceof Uint8Array ? child : child.hash;

/** The place of what is the `index`-th to be inserted by an update. */
export const freshPlace = (index: number): Place => -1 - index;

/** Where that is once the first of what the update inserts is at `first`, and all the others behind it. */
export const placed = (place: Place, first: Place): Place => (place < 0 ? first - 1 - place : place);
