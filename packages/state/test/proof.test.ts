import { toHex } from '@hamster/crypto';
import { validateProofs } from '@polkadot-api/substrate-bindings';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, proofSource, readProof, readValue } from '../src/index.ts';
import { changes, keys, stateOf } from './arbitraries.ts';
import { PlacedStore } from './node-store.ts';

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
