import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { NodeCache } from '../src/store/node-cache.ts';
import { Children } from '../src/trie/children.ts';
import { decodeNode, encodeNode } from '../src/trie/codec.ts';
import { WIDTH, type ChildRef, type TrieNode, type ValueRef } from '../src/trie/node.ts';

const BOUND = 4 * 2 ** 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that V8 holds for objects and for what they refer to. */
function held(): number {
  for (let round = 0; round < 3; round++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const hash = (of: number) => new Uint8Array(Buffer.alloc(32, `${of}`));

/** As it comes from the store: read from bytes. */
function node(value: ValueRef | undefined, children: readonly ChildRef[] | undefined, length: number) {
  const partial = new Uint8Array(length).fill(7);
  return decodeNode(encodeNode({ partial, value, children: children && Children.of(children) })) as TrieNode;
}

const stored = (count: number, at: number): ChildRef[] =>
  Array.from({ length: count }, (_, child) => ({ hash: hash(at + child), place: at + child }));

const shapes: readonly [string, (at: number) => TrieNode][] = [
  ['leaves', () => node({ inline: new Uint8Array(16) }, undefined, 60)],
  ['leaves of large values', () => node({ inline: new Uint8Array(2_000) }, undefined, 60)],
  ['leaves whose value is stored apart', (at) => node({ hash: hash(at), place: at }, undefined, 60)],
  ['small branches', (at) => node(undefined, stored(2, at), 3)],
  ['full branches', (at) => node(undefined, stored(WIDTH, at), 0)],
  [
    'branches whose children are no longer than a hash',
    () =>
      node(
        undefined,
        Array.from({ length: WIDTH }, () => new Uint8Array(30)),
        0,
      ),
  ],
];

describe('the cache of decoded nodes', () => {
  it.each(shapes)('keeps its bound on memory with %s, and makes use of it', (_what, make) => {
    const before = held();
    const cache = new NodeCache(BOUND);
    for (let at = 1; at < 15_000; at++) {
      cache.set(at, make(at));
      // What is looked at again and again stays, and counts again.
      cache.get(1 + (at % 100));
    }
    const used = held() - before;
    expect(cache.get(14_999)).toBeDefined();
    expect(used).toBeLessThan(BOUND * 1.2);
    expect(used).toBeGreaterThan(BOUND * 0.3);
  });

  it('keeps nothing of those that went, though they were made beside others that stay', () => {
    const before = held();
    const cache = new NodeCache(BOUND);
    const stays = Array.from({ length: 600 }, (_, index) => 1 + 16 * index);
    for (let at = 1; at < 15_000; at++) {
      cache.set(at, node(undefined, stored(WIDTH, at), 0));
      if (at % 300 === 0) for (const place of stays) cache.get(place);
    }
    expect(stays.filter((place) => cache.get(place))).toHaveLength(stays.length);
    expect(held() - before).toBeLessThan(BOUND * 1.2);
  });
});
