import { HASH_LENGTH, type MerkleValue, type TrieNode, type ValueRef } from './node.ts';

/** A node being changed. Children that nobody touched stay merkle values. */
export interface Draft {
  partial: Uint8Array;
  value: ValueRef | { readonly fresh: Uint8Array } | undefined;
  readonly children: (MerkleValue | Draft | undefined)[];
  /** What the parent held of it before: undefined for a node that is new. */
  readonly origin: MerkleValue | undefined;
  dirty: boolean;
}

export const isDraft = (child: MerkleValue | Draft | undefined): child is Draft =>
  child !== undefined && !(child instanceof Uint8Array);

export function leaf(partial: Uint8Array, value: Uint8Array): Draft {
  return { partial, value: { fresh: value }, children: [], origin: undefined, dirty: true };
}

export function draftOf(node: TrieNode, origin: MerkleValue): Draft {
  return {
    partial: node.partial,
    value: node.value,
    children: node.children ? [...node.children] : [],
    origin,
    dirty: false,
  };
}

/** The hash under which the node is in the store, if it is there: short nodes live inside of their parents. */
export function storedHash({ origin }: Draft): Uint8Array | undefined {
  return origin?.length === HASH_LENGTH ? origin : undefined;
}
