import { blake2b256 } from '@hamster/crypto';
import { Writer } from '@hamster/scale';
import { equalBytes } from '../bytes.ts';
import { Children } from './children.ts';
import { encodeNode } from './codec.ts';
import { draftOf, isDraft, leaf, storedOrigin, turnsOf, type Draft, type Fresh } from './draft.ts';
import { commonLength, joinNibbles, part, toNibbles } from './nibbles.ts';
import {
  HASH_LENGTH,
  merkleValue,
  type ChildRef,
  type NodeSource,
  type Place,
  type StateVersion,
  type TrieNode,
  type ValueRef,
} from './node.ts';
import { childNode, EMPTY_ROOT, rootRef } from './resolve.ts';
import { Tally, type Turnover } from './tally.ts';

/** In state version 1 longer values are stored apart from their node. */
const MAX_INLINE_VALUE = 32;

/** Into so many parts the sealing of a trie is cut at least, where it has them, and so deep they are looked for. */
const MIN_PARTS = 128;
const MAX_DEPTH = 8;

export interface TrieUpdate extends Turnover {
  /** Where the root is of what was changed; 0 of an empty trie. */
  readonly from: Place;
  readonly root: Uint8Array;
}

/**
 * Changes a trie entry by entry, loading only the nodes on the way, and encodes each changed node once, in `seal`.
 * Serves one update: after `seal` it is used up.
 */
export class TrieBuilder {
  readonly #source: NodeSource;
  readonly #version: StateVersion;
  readonly #tally = new Tally();
  readonly #writer = new Writer(128);
  readonly #from: Place;
  /** Of the key at hand. */
  #nibbles = new Uint8Array();
  #root: Draft | undefined;

  constructor(source: NodeSource, root: Uint8Array, version: StateVersion) {
    this.#source = source;
    this.#version = version;
    const ref = rootRef(source, root);
    this.#from = ref?.place ?? 0;
    this.#root = ref && draftOf(childNode(source, ref), ref);
  }

  put(key: Uint8Array, value: Uint8Array): void {
    const nibbles = this.#nibblesOf(key);
    const fresh = this.#fresh(value);
    this.#root = this.#root ? this.#put(this.#root, nibbles, 0, fresh) : leaf(nibbles.slice(), fresh);
  }

  delete(key: Uint8Array): void {
    this.#root = this.#root && this.#delete(this.#root, this.#nibblesOf(key), 0);
  }

  seal(): TrieUpdate {
    const root = this.#root ? merkleValue(this.#seal(this.#root, true)) : EMPTY_ROOT;
    const { inserted, removed } = this.#tally;
    return { root, from: this.#from, inserted, removed };
  }

  /** Does the greater part of `seal` step by step: the subtrees below the uppermost levels, one in each step. */
  *sealParts(): Generator<void> {
    for (const [parent, turn] of this.#root ? parts(this.#root) : []) {
      const child = parent.children[turn];
      if (isDraft(child)) parent.children[turn] = this.#seal(child);
      yield;
    }
  }

  /** Right until the next one is asked for. Keys of the same map come one behind the other, and most of them are as long as the last. */
  #nibblesOf(key: Uint8Array): Uint8Array {
    const length = key.length * 2;
    if (this.#nibbles.length !== length) this.#nibbles = new Uint8Array(length);
    return toNibbles(key, this.#nibbles);
  }

  #fresh(value: Uint8Array): Fresh {
    const isApart = this.#version !== 0 && value.length > MAX_INLINE_VALUE;
    return { fresh: value, apart: isApart ? blake2b256(value) : undefined };
  }

  #put(node: Draft, key: Uint8Array, depth: number, value: Fresh): Draft {
    const common = commonLength(node.partial, key, depth);
    const rest = depth + common;
    if (common < node.partial.length) return fork(node, common, key.slice(rest), value);
    if (rest === key.length) return this.#setValue(node, value);
    const turn = key[rest] ?? 0;
    const child = this.#child(node, turn);
    const next = child ? this.#put(child, key, rest + 1, value) : leaf(key.slice(rest + 1), value);
    this.#adopt(node, turn, next);
    return node;
  }

  #setValue(node: Draft, value: Fresh): Draft {
    if (this.#holds(node.value, value)) return node;
    this.#dropValue(node);
    node.value = value;
    node.dirty = true;
    return node;
  }

  #holds(held: Draft['value'], { fresh, apart }: Fresh): boolean {
    if (!held) return false;
    if ('fresh' in held) return equalBytes(held.fresh, fresh);
    return 'inline' in held
      ? equalBytes(held.inline, fresh)
      : equalBytes(held.hash, apart ?? blake2b256(fresh));
  }

  #delete(node: Draft, key: Uint8Array, depth: number): Draft | undefined {
    const common = commonLength(node.partial, key, depth);
    if (common < node.partial.length) return node;
    const rest = depth + common;
    if (rest === key.length) {
      if (!node.value) return node;
      this.#dropValue(node);
      node.dirty = true;
      return this.#normalise(node);
    }
    const turn = key[rest] ?? 0;
    const child = this.#child(node, turn);
    if (!child) return node;
    const left = this.#delete(child, key, rest + 1);
    this.#adopt(node, turn, left);
    return left === undefined ? this.#normalise(node) : node;
  }

  /** A node that lost an entry must still hold a value, or at least two children. */
  #normalise(node: Draft): Draft | undefined {
    if (node.value) return node;
    const turns = turnsOf(node);
    const [turn] = turns;
    if (turns.length > 1) return node;
    this.#forget(node);
    const only = turn === undefined ? undefined : this.#child(node, turn);
    if (!only) return undefined;
    this.#forget(only);
    return {
      ...only,
      partial: joinNibbles(node.partial, turn, only.partial),
      origin: undefined,
      dirty: true,
    };
  }

  #child(node: Draft, turn: number): Draft | undefined {
    const child = node.children[turn];
    if (isDraft(child)) return child;
    const ref = child === undefined ? node.kept?.at(turn) : child;
    if (!ref) return undefined;
    const draft = draftOf(childNode(this.#source, ref), ref);
    node.children[turn] = draft;
    return draft;
  }

  #adopt(node: Draft, turn: number, child: Draft | undefined): void {
    node.children[turn] = child ?? null;
    if (!child || child.dirty) node.dirty = true;
  }

  #dropValue(node: Draft): void {
    if (node.value && 'hash' in node.value) this.#tally.remove(node.value.place);
    node.value = undefined;
  }

  #forget(node: Draft): void {
    const stored = storedOrigin(node);
    if (stored) this.#tally.remove(stored.place);
  }

  /** Encodes what changed in the subtree, children first, and answers what its parent holds of it. */
  #seal(node: Draft, isRoot = false): ChildRef {
    if (!node.dirty && node.origin) return node.origin;
    const sealed = {
      partial: node.partial,
      value: this.#sealValue(node.value),
      children: this.#sealChildren(node),
    };
    const encoded = encodeNode(sealed, this.#writer);
    this.#forget(node);
    const isInline = !isRoot && encoded.length < HASH_LENGTH;
    return isInline ? encoded : this.#tally.insert(blake2b256(encoded), encoded, sealed);
  }

  /** Undefined when there are none. */
  #sealChildren({ kept, children }: Draft): TrieNode['children'] {
    const sealed = children.map((child) => (isDraft(child) ? this.#seal(child) : child));
    return kept ? kept.with(sealed) : Children.of(sealed);
  }

  #sealValue(value: Draft['value']): ValueRef | undefined {
    if (!value || !('fresh' in value)) return value;
    return value.apart ? this.#tally.insert(value.apart, value.fresh) : { inline: value.fresh };
  }
}

type Branching = readonly [parent: Draft, turn: number];

/** The places of changed nodes on the first level that has enough of them. */
function parts(root: Draft): Branching[] {
  let level = changedBelow(root);
  for (let depth = 0; depth < MAX_DEPTH && level.length < MIN_PARTS; depth++) {
    const next = level.flatMap(([parent, turn]) => changedBelow(parent.children[turn]));
    if (next.length < level.length) break;
    level = next;
  }
  return level;
}

function changedBelow(node: Draft['children'][number]): Branching[] {
  if (!isDraft(node)) return [];
  return [...node.children.keys()].filter((turn) => isDraft(node.children[turn])).map((turn) => [node, turn]);
}

/** Splits `node` after `common` nibbles of its partial key, to make room for another entry: `rest` is what is behind these of its key. */
function fork(node: Draft, common: number, rest: Uint8Array, value: Fresh): Draft {
  const branch: Draft = {
    partial: node.partial.subarray(0, common),
    value: undefined,
    kept: undefined,
    children: [],
    origin: undefined,
    dirty: true,
  };
  const turn = node.partial[common] ?? 0;
  branch.children[turn] = { ...node, partial: node.partial.subarray(common + 1), dirty: true };
  const [next] = rest;
  if (next === undefined) branch.value = value;
  else branch.children[next] = leaf(part(rest, 1), value);
  return branch;
}
