import { memory } from './memory.ts';
import { fromNibbles, nibbleAt } from './nibbles.ts';
import { WIDTH, type NodeSource, type TrieNode, type ValueRef } from './node.ts';
import { childNode, loadValue, rootNode } from './resolve.ts';

/** A node on the way to where the cursor is. */
interface Frame {
  readonly node: TrieNode;
  /** Nibbles of the path up to the node, with its own. */
  readonly depth: number;
  /** What is looked at next: the node's own value, or else the children from this nibble on. */
  next: typeof VALUE | number;
}

const VALUE = -1;
/** Nibbles: of most keys. */
const PATH_LENGTH = 256;

/** One entry of a trie. */
export interface Found {
  readonly key: Uint8Array;
  /** Loaded when it is asked for. */
  value(): Uint8Array;
}

/** Goes through the entries of a trie in the order of their keys, and asks for each node on the way once. */
export class TrieCursor {
  readonly #source: NodeSource;
  readonly #frames: Frame[] = [];
  /** The nibbles on the way; those behind the last frame are left over from others. */
  #path = memory(PATH_LENGTH);

  /** Stands before the first key that is not below `from`, or that is above it. Throws STATE_UNAVAILABLE, as `next` does. */
  constructor(source: NodeSource, root: Uint8Array, from: Uint8Array, { above = false } = {}) {
    this.#source = source;
    let node = rootNode(source, root);
    for (let depth = 0; node;) {
      const turn = this.#enter(node, depth, from, above);
      if (turn === undefined) return;
      const child = node.children?.at(turn);
      depth += node.partial.length + 1;
      node = child && childNode(source, child);
    }
  }

  next(): Found | undefined {
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
      const { node, depth, next } = frame;
      if (next === VALUE) {
        frame.next = 0;
        if (node.value) return this.#found(depth, node.value);
      } else if (!this.#down(frame, next)) {
        this.#frames.pop();
      }
    }
    return undefined;
  }

  /** Stands in front of what is not below `from` in a node on its way. Answers where the way goes on, if it does. */
  #enter(node: TrieNode, start: number, from: Uint8Array, above: boolean): number | undefined {
    const depth = start + node.partial.length;
    const end = from.length * 2;
    for (const [index, nibble] of node.partial.entries()) {
      const order = start + index < end ? nibble - nibbleAt(from, start + index) : 1;
      if (order > 0) this.#push(node, start, VALUE);
      if (order !== 0) return undefined;
    }
    const isThere = depth === end;
    const turn = nibbleAt(from, depth);
    this.#push(node, start, isThere ? (above ? 0 : VALUE) : turn + 1);
    if (isThere) return undefined;
    this.#path[depth] = turn;
    return turn;
  }

  #down(frame: Frame, from: number): boolean {
    const { node, depth } = frame;
    for (let nibble = from; nibble < WIDTH; nibble++) {
      const child = node.children?.at(nibble);
      if (!child) continue;
      frame.next = nibble + 1;
      this.#path[depth] = nibble;
      this.#push(childNode(this.#source, child), depth + 1, VALUE);
      return true;
    }
    return false;
  }

  #push(node: TrieNode, start: number, next: number): void {
    const depth = start + node.partial.length;
    if (depth >= this.#path.length) this.#lengthen(depth);
    this.#path.set(node.partial, start);
    this.#frames.push({ node, depth, next });
  }

  #lengthen(depth: number): void {
    const path = memory(2 * (depth + 1));
    path.set(this.#path);
    this.#path = path;
  }

  #found(depth: number, value: ValueRef): Found {
    return {
      key: fromNibbles(this.#path.subarray(0, depth)),
      value: () => loadValue(this.#source, value),
    };
  }
}
