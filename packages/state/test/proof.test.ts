import { blake2b256, toHex } from '@hamster/crypto';
import { validateProofs } from '@polkadot-api/substrate-bindings';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compactProof,
  EMPTY_ROOT,
  proofSource,
  readProof,
  readValue,
  updateTrie,
  witness,
} from '../src/index.ts';
import { Children } from '../src/trie/children.ts';
import { decodeNode, encodeNode } from '../src/trie/codec.ts';
import type { ChildRef, NodeSource } from '../src/trie/node.ts';
import { changes, keys, stateOf } from './arbitraries.ts';
import { PlacedStore } from './node-store.ts';

const atOnce = (): Promise<void> => Promise.resolve();

describe('a read proof', () => {
  it('proves what is there and what is not, to a reader that knows the root', () => {
    fc.assert(
      fc.property(changes, fc.array(keys, { minLength: 1, maxLength: 4 }), (batch, wanted) => {
        const store = new PlacedStore();
        store.update(batch, 1);
        const proof = readProof({ source: store, root: store.head }, wanted);
        const model = stateOf(batch);
        const trie = { source: proofSource(proof), root: store.head };
        for (const key of wanted) expect(readValue(trie, key)).toEqual(model.get(key));
      }),
      { numRuns: 300 },
    );
  });

  it('is accepted by a client library, which finds our root in it', () => {
    const store = new PlacedStore();
    const batch = Array.from(
      { length: 200 },
      (_, i) => [Uint8Array.of(i, i * 7, 3), new Uint8Array(i).fill(i)] as const,
    );
    store.update(batch, 1);
    const proof = readProof({ source: store, root: store.head }, [
      Uint8Array.of(9, 63, 3),
      Uint8Array.of(99, 1),
    ]);
    const validated = validateProofs(proof.map((item) => toHex(item)));
    expect(validated?.rootHash).toBe(toHex(store.head));
  });

  it('of an empty state is the empty node', () => {
    const trie = { source: new PlacedStore(), root: EMPTY_ROOT };
    expect(readProof(trie, [Uint8Array.of(1)])).toEqual([Uint8Array.of(0)]);
  });

  it('refuses to answer for what it does not prove', () => {
    const store = new PlacedStore();
    store.update(
      [
        [Uint8Array.of(1), new Uint8Array(40)],
        [Uint8Array.of(33), new Uint8Array(41)],
      ],
      1,
    );
    const proof = readProof({ source: store, root: store.head }, [Uint8Array.of(1)]);
    const trie = { source: proofSource(proof), root: store.head };
    expect(() => readValue(trie, Uint8Array.of(33))).toThrow(
      expect.objectContaining({ code: 'STATE_UNAVAILABLE' }),
    );
  });
});

describe('a witness', () => {
  it('is all that somebody needs who reads keys and makes changes, knowing the root', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.array(keys, { maxLength: 3 }), changes, async (batch, read, next) => {
        const store = new PlacedStore();
        store.update(batch, 1);
        const before = { source: store, root: store.head, version: 1 } as const;
        const proof = await witness(before, { keys: read, changes: next }, atOnce);
        const base = { source: proofSource(proof), root: store.head, version: 1 } as const;
        const model = stateOf(batch);
        for (const key of read) expect(readValue(base, key)).toEqual(model.get(key));
        const { root } = updateTrie(base, next);
        store.update(next, 1);
        expect(root).toEqual(store.head);
      }),
      { numRuns: 300 },
    );
  });

  it('is found, and written without hashes, with stops, however much there is', async () => {
    const store = new PlacedStore();
    const all = Array.from({ length: 2000 }, (_, at) => blake2b256(Uint8Array.of(at & 255, at >> 8)));
    store.update(
      all.map((key) => [key, key]),
      1,
    );
    let worked = 0;
    let longest = 0;
    const counted: NodeSource = {
      root: () => store.root(),
      node: (ref) => (worked++, store.node(ref)),
      value: (ref) => (worked++, store.value(ref)),
    };
    const pause = (): Promise<void> => {
      longest = Math.max(longest, worked);
      worked = 0;
      return Promise.resolve();
    };
    const base = { source: counted, root: store.head, version: 1 } as const;
    const changed = all.map((key) => [key, Uint8Array.of(1)] as const);
    const proof = await witness(base, { keys: all, changes: changed }, pause);
    await pause();
    // 32 changes, each some nodes deep.
    expect(longest).toBeLessThan(32 * 8);
    let stops = 0;
    await compactProof(proof, store.head, () => Promise.resolve(void stops++));
    expect(stops).toBeGreaterThanOrEqual(proof.length);
  });
});

describe('a compact proof', () => {
  it('is the proof without the hashes: they can be found again', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.array(keys, { minLength: 1, maxLength: 4 }), async (batch, wanted) => {
        const store = new PlacedStore();
        store.update(batch, 1);
        fc.pre(toHex(store.head) !== toHex(EMPTY_ROOT));
        const proof = readProof({ source: store, root: store.head }, wanted);
        const found = expand(await compactProof(proof, store.head, atOnce));
        expect(found.root).toBe(toHex(store.head));
        expect(found.proof).toEqual(new Set(proof.map((item) => toHex(item))));
      }),
      { numRuns: 300 },
    );
  });

  it('says by a byte in front that a value follows, and by an empty child that a node does', async () => {
    const store = new PlacedStore();
    const long = new Uint8Array(40).fill(7);
    store.update(
      [
        [Uint8Array.of(0x11), long],
        [Uint8Array.of(0x21), new Uint8Array(40).fill(8)],
      ],
      1,
    );
    const proof = readProof({ source: store, root: store.head }, [Uint8Array.of(0x11)]);
    const compacted = await compactProof(proof, store.head, atOnce);
    const [root, leaf, value] = compacted.map((item) => toHex(item));
    // A branch at no path with children 1 and 2: the first of them follows, the other one is named.
    expect(root).toMatch(/^0x8006000080[0-9a-f]{64}$/);
    // A leaf one nibble further on, with a value of no length.
    expect([leaf, value]).toEqual(['0x01410100', toHex(long)]);
  });

  it('of an empty state is the empty node', async () => {
    expect(await compactProof([Uint8Array.of(0)], EMPTY_ROOT, atOnce)).toEqual([Uint8Array.of(0)]);
  });
});

/** As `trie_db::decode_compact`. */
function expand(items: readonly Uint8Array[]): { root: string; proof: Set<string> } {
  const proof = new Set<string>();
  const rest = [...items];
  const take = (): Uint8Array => {
    const item = rest.shift() ?? new Uint8Array();
    const escaped = item[0] === 1;
    const node = decodeNode(escaped ? item.subarray(1) : item);
    if (!node) throw new RangeError('An empty node is no part of a proof');
    const value = escaped ? kept(rest.shift() ?? new Uint8Array()) : undefined;
    const children = node.children
      ?.list()
      .map((child): ChildRef | undefined =>
        child instanceof Uint8Array && child.length === 0 ? { hash: take(), place: 0 } : child,
      );
    return kept(
      encodeNode({
        ...node,
        children: children && Children.of(children),
        ...(value && { value: { hash: value, place: 0 } }),
      }),
    );
  };
  const kept = (bytes: Uint8Array): Uint8Array => {
    proof.add(toHex(bytes));
    return blake2b256(bytes);
  };
  const root = toHex(take());
  if (rest.length > 0) throw new RangeError(`${rest.length} items too many`);
  return { root, proof };
}
