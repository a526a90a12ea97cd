import type { Children } from './children.ts';
import { WIDTH, type ChildRef, type Stored, type TrieNode, type ValueRef } from './node.ts';

/** A value that is not stored yet, and its hash if it is to be stored apart. */
export interface Fresh {
  readonly fresh: Uint8Array;
  readonly apart: Uint8Array | undefined;
}

/** A node being changed. */
export interface Draft {
  partial: Uint8Array;
  value: ValueRef | Fresh | undefined;
  /** As they were before. */
  readonly kept: Children | undefined;
  /** What somebody looked into or put there, by nibbles; null where nothing is any more, and undefined where `kept` holds. */
  readonly children: (ChildRef | Draft | null | undefined)[];
  /** What the parent held of it before: undefined for a node that is new. */
  readonly origin: ChildRef | undefined;
  dirty: boolean;
}

export const isDraft = (child: ChildRef | Draft | null | undefined): child is Draft =>
  child !== undefined && child !== null && 'dirty' in child;

export function leaf(partial: Uint8Array, value: Fresh): Draft {
  return { partial, value, kept: undefined, children: [], origin: undefined, dirty: true };
}

export function draftOf(node: TrieNode, origin: ChildRef): Draft {
  return {
    partial: node.partial,
    value: node.value,
    kept: node.children,
    children: node.children ? new Array<undefined>(WIDTH).fill(undefined) : [],
    origin,
    dirty: false,
  };
}

/** The nibbles at which it has a child. */
export const turnsOf = ({ kept, children }: Draft): number[] =>
  NIBBLES.filter((nibble) => children[nibble] ?? (children[nibble] === undefined && kept?.has(nibble)));

const NIBBLES = Array.from({ length: WIDTH }, (_, nibble) => nibble);

/** The node as it is in the store, if it is there: short nodes live inside of their parents. */
export function storedOrigin({ origin }: Draft): Stored | undefined {
  return origin instanceof Uint8Array ? undefined : origin;
}
