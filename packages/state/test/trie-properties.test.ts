import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextKey, readValue, trieKeys, trieRoot, type Change } from '../src/index.ts';
import { apply, changes, hex, keys, stateOf } from './arbitraries.ts';
import { CountingStore } from './node-store.ts';

const version = fc.constantFrom(0 as const, 1 as const);
const batches = fc.array(changes, { maxLength: 8 });

describe('a trie that grows and shrinks', () => {
  it('is the trie that its entries alone would make, node for node', () => {
    fc.assert(
      fc.property(batches, version, (history, stateVersion) => {
        const store = new CountingStore();
        const model = new Map<string, Change>();
        for (const batch of history) {
          const entries = apply(model, batch);
          store.update(batch, stateVersion);
          expect(hex(store.root)).toBe(hex(trieRoot(entries, stateVersion)));
          const fresh = new CountingStore();
          fresh.update(entries, stateVersion);
          expect(store.counts).toEqual(fresh.counts);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads as an ordered map', () => {
    fc.assert(
      fc.property(changes, keys, keys, (batch, probe, prefix) => {
        const store = new CountingStore();
        store.update(batch, 1);
        const model = stateOf(batch);
        const trie = { source: store, root: store.root };
        expect(readValue(trie, probe)).toEqual(model.get(probe));
        expect(nextKey(trie, probe)).toEqual(model.nextKey(probe));
        expect([...trieKeys(trie, prefix, probe)]).toEqual([...model.keys(prefix, probe)]);
        expect([...trieKeys(trie, new Uint8Array())]).toEqual([...model.keys(new Uint8Array())]);
      }),
      { numRuns: 500 },
    );
  });
});
