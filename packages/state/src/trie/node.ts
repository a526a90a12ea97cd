/** 0: values stay in their nodes. 1: values longer than 32 bytes are stored apart, under their hash. */
export type StateVersion = 0 | 1;

/** What a parent holds of its child: the hash of the encoded node, or the encoded node itself when it is shorter than 32 bytes. */
export type MerkleValue = Uint8Array;

export type ValueRef = { readonly inline: Uint8Array } | { readonly hash: Uint8Array };

export const HASH_LENGTH = 32;
export const WIDTH = 16;

/** A decoded node, never changed after it was decoded. A node without children is a leaf. */
export interface TrieNode {
  readonly partial: Uint8Array;
  readonly value: ValueRef | undefined;
  readonly children: readonly (MerkleValue | undefined)[] | undefined;
}

/** Where encoded nodes and hashed values come from. Both answer undefined for a hash that they don't hold. */
export interface NodeSource {
  node(hash: Uint8Array): TrieNode | undefined;
  value(hash: Uint8Array): Uint8Array | undefined;
}
