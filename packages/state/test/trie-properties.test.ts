import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '@hamster/crypto';
import {
  nextKey,
  readValue,
  trieKeys,
  trieRoot,
  updateTrie,
  type Change,
  type TrieUpdate,
} from '../src/index.ts';
import { updateTrieInSlices } from '../src/trie/build.ts';
import { BulkBuilder } from '../src/trie/bulk.ts';
import { apply, changes, hex, keys, stateOf } from './arbitraries.ts';
import { PlacedStore } from './node-store.ts';

const version = fc.constantFrom(0 as const, 1 as const);
const batches = fc.array(changes, { maxLength: 8 });

/** What comes and goes, in whatever order. */
const inAnyOrder = ({ root, inserted, removed }: TrieUpdate) => ({
  root: hex(root),
  inserted: inserted.map(({ hash, bytes }) => `${hex(hash)} ${hex(bytes)}`).sort(),
  removed: removed.toSorted((a, b) => a - b),
});

describe('a trie that grows and shrinks', () => {
  it('is the trie that its entries alone would make, node for node', () => {
    fc.assert(
      fc.property(batches, version, (history, stateVersion) => {
        const store = new PlacedStore();
        const model = new Map<string, Change>();
        for (const batch of history) {
          const entries = apply(model, batch);
          store.update(batch, stateVersion);
          expect(hex(store.head)).toBe(hex(trieRoot(entries, stateVersion)));
          const fresh = new PlacedStore();
          fresh.update(entries, stateVersion);
          expect(store.counts()).toEqual(fresh.counts());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same trie when it is changed in slices', async () => {
    await fc.assert(
      fc.asyncProperty(batches, version, async (history, stateVersion) => {
        const store = new PlacedStore();
        let pauses = 0;
        for (const batch of history) {
          const base = { source: store, root: store.head, version: stateVersion };
          const sliced = await updateTrieInSlices(base, batch, async () => void (pauses += 1));
          expect(inAnyOrder(sliced)).toEqual(inAnyOrder(updateTrie(base, batch)));
          store.update(batch, stateVersion);
        }
        expect(pauses > 0).toBe(history.some((batch) => batch.length > 0));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same trie, node for node, when all entries are given in order', () => {
    fc.assert(
      fc.property(changes, version, (batch, stateVersion) => {
        const store = new PlacedStore();
        store.update(batch, stateVersion);
        const counts = new Map<string, number>();
        const bulk = new BulkBuilder(stateVersion, (hash) => {
          counts.set(toHex(hash), (counts.get(toHex(hash)) ?? 0) + 1);
          return 1;
        });
        for (const [key, value] of stateOf(batch).entries()) bulk.add(key, value);
        expect(hex(bulk.finish())).toBe(hex(store.head));
        expect(counts).toEqual(store.counts());
      }),
      { numRuns: 1000 },
    );
  });

  it('takes entries of a whole state only in order', () => {
    const bulk = new BulkBuilder(1, () => 1);
    bulk.add(Uint8Array.of(1, 2), Uint8Array.of(1));
    bulk.add(Uint8Array.of(1, 3), Uint8Array.of(1));
    for (const key of [Uint8Array.of(1, 2), Uint8Array.of(1)]) {
      expect(() => bulk.add(key, Uint8Array.of(1))).toThrow(expect.objectContaining({ code: 'STATE_ORDER' }));
    }
  });

  it('reads as an ordered map', () => {
    fc.assert(
      fc.property(changes, keys, keys, (batch, probe, prefix) => {
        const store = new PlacedStore();
        store.update(batch, 1);
        const model = stateOf(batch);
        const trie = { source: store, root: store.head };
        expect(readValue(trie, probe)).toEqual(model.get(probe));
        expect(nextKey(trie, probe)).toEqual(model.nextKey(probe));
        expect([...trieKeys(trie, prefix, probe)]).toEqual([...model.keys(prefix, probe)]);
        expect([...trieKeys(trie, new Uint8Array())]).toEqual([...model.keys(new Uint8Array())]);
      }),
      { numRuns: 500 },
    );
  });
});
