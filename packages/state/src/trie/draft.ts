import type { ChildRef, Stored, TrieNode, ValueRef } from './node.ts';

/** A node being changed. Children that nobody touched stay references. */
export interface Draft {
  partial: Uint8Array;
  value: ValueRef | { readonly fresh: Uint8Array } | undefined;
  readonly children: (ChildRef | Draft | undefined)[];
  /** What the parent held of it before: undefined for a node that is new. */
  readonly origin: ChildRef | undefined;
  dirty: boolean;
}

export const isDraft = (child: ChildRef | Draft | undefined): child is Draft =>
  child !== undefined && 'dirty' in child;

export function leaf(partial: Uint8Array, value: Uint8Array): Draft {
  return { partial, value: { fresh: value }, children: [], origin: undefined, dirty: true };
}

export function draftOf(node: TrieNode, origin: ChildRef): Draft {
  return {
    partial: node.partial,
    value: node.value,
    children: node.children ? [...node.children] : [],
    origin,
    dirty: false,
  };
}

/** The node as it is in the store, if it is there: short nodes live inside of their parents. */
export function storedOrigin({ origin }: Draft): Stored | undefined {
  return origin instanceof Uint8Array ? undefined : origin;
}
