import { blake2b256 } from '@hamster/crypto';
import { Writer } from '@hamster/scale';
import { StateError } from '../errors.ts';
import { Children } from './children.ts';
import { encodeNode } from './codec.ts';
import { commonLength, part, toNibbles } from './nibbles.ts';
import {
  HASH_LENGTH,
  merkleValue,
  WIDTH,
  type ChildRef,
  type Place,
  type StateVersion,
  type TrieNode,
  type ValueRef,
} from './node.ts';
import { EMPTY_ROOT } from './resolve.ts';

/**
 * Takes what a trie needs to have stored, hashed values and encoded nodes, each as often as it occurs and behind what it refers to, and
 * answers where it is. Undefined is the node of a value.
 */
export type NodeSink = (hash: Uint8Array, bytes: Uint8Array, node: TrieNode | undefined) => Place;

/** A node whose place is not known yet: it hangs at `path` cut to the length of its parent. */
interface Floating {
  readonly path: Uint8Array;
  readonly value: Uint8Array | undefined;
  readonly children: readonly (ChildRef | undefined)[] | undefined;
}

interface Branch extends Floating {
  readonly children: (ChildRef | undefined)[];
}

/** In state version 1 longer values are stored apart from their node. */
const MAX_INLINE_VALUE = 32;

/**
 * Builds a trie from all of its entries, in the order of their keys, holding no more than one path of it: for states that are
 * too large to be changed entry by entry. The same root and nodes as `updateTrie` gives.
 */
export class BulkBuilder {
  readonly #sink: NodeSink;
  readonly #version: StateVersion;
  /** Open branches, each on the path to the next. */
  readonly #open: Branch[] = [];
  readonly #writer = new Writer(128);
  #last: Floating | undefined;

  constructor(version: StateVersion, sink: NodeSink) {
    this.#version = version;
    this.#sink = sink;
  }

  /** Throws STATE_ORDER unless `key` is behind all keys before it. */
  add(key: Uint8Array, value: Uint8Array): void {
    const path = toNibbles(key);
    if (this.#last) this.#place(this.#last, path);
    this.#last = { path, value, children: undefined };
  }

  /** The root. Afterwards the builder is used up. */
  finish(): Uint8Array {
    if (!this.#last) return EMPTY_ROOT;
    let node: Floating = this.#last;
    for (let parent = this.#open.pop(); parent; parent = this.#open.pop()) {
      this.#attach(parent, node);
      node = parent;
    }
    return merkleValue(this.#encode(node, 0, true));
  }

  /** Puts the entry before `next` where it belongs, now that it is known what they share. */
  #place(last: Floating, next: Uint8Array): void {
    const common = commonLength(last.path, next, 0);
    if (common === next.length || (last.path[common] ?? -1) > (next[common] ?? -1)) {
      throw new StateError(
        'STATE_ORDER',
        'The entries of a whole state have to come in the order of their keys',
      );
    }
    if (common === last.path.length) {
      this.#open.push({ path: last.path, value: last.value, children: emptyChildren() });
      return;
    }
    let node = last;
    let parent = this.#open.at(-1);
    for (; parent && parent.path.length > common; parent = this.#open.at(-1)) {
      this.#attach(parent, node);
      node = parent;
      this.#open.pop();
    }
    if (!parent || parent.path.length < common) {
      parent = { path: part(next, 0, common), value: undefined, children: emptyChildren() };
      this.#open.push(parent);
    }
    this.#attach(parent, node);
  }

  #attach(parent: Branch, node: Floating): void {
    const depth = parent.path.length;
    parent.children[node.path[depth] ?? 0] = this.#encode(node, depth + 1, false);
  }

  #encode({ path, value, children }: Floating, from: number, isRoot: boolean): ChildRef {
    const node = {
      partial: part(path, from),
      value: value && this.#refOf(value),
      children: children && Children.of(children),
    };
    const encoded = encodeNode(node, this.#writer);
    if (!isRoot && encoded.length < HASH_LENGTH) return encoded;
    const hash = blake2b256(encoded);
    return { hash, place: this.#sink(hash, encoded, node) };
  }

  #refOf(value: Uint8Array): ValueRef {
    if (this.#version === 0 || value.length <= MAX_INLINE_VALUE) return { inline: value };
    const hash = blake2b256(value);
    return { hash, place: this.#sink(hash, value, undefined) };
  }
}

const emptyChildren = (): undefined[] => new Array<undefined>(WIDTH).fill(undefined);
