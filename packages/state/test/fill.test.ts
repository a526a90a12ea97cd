import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { EMPTY_ROOT, sortedTrieRoot, trieRoot, type BlockRef } from '../src/index.ts';
import { apply, changes, hex } from './arbitraries.ts';
import { TestDatabase, type TestBlock } from './database.ts';

const opened: TestDatabase[] = [];
const database = async () => {
  const db = await TestDatabase.create(256);
  opened.push(db);
  return db;
};
afterAll(async () => {
  for (const each of opened) await each.destroy();
});

const GENESIS: TestBlock = { number: -1, hash: new Uint8Array(32), root: EMPTY_ROOT };
const BLOCK: BlockRef = { number: 0, hash: new Uint8Array(32) };
const value = (byte: number) => new Uint8Array(40).fill(byte);
const entry = (key: number, byte = key) => [Uint8Array.of(key), value(byte)] as const;

describe('a whole state', () => {
  it('is the one that changes lead to, node by node, and can be built upon', async () => {
    await fc.assert(
      fc.asyncProperty(changes, changes, async (batch, next) => {
        const entries = apply(new Map(), batch)
          .flatMap(([key, held]) => (held ? [[key, held] as const] : []))
          .sort(([a], [b]) => Buffer.compare(a, b));
        const [filled, written] = [await database(), await database()];
        let root = new Uint8Array();
        filled.transaction(() => {
          root = Uint8Array.from(filled.state.fill(entries));
          return filled.state.finalize(BLOCK);
        });
        const first = written.write(GENESIS, entries);
        expect(hex(root)).toBe(hex(first.root));
        expect(hex(sortedTrieRoot(entries, 1))).toBe(hex(trieRoot(entries, 1)));
        expect(filled.state.nodeCount()).toBe(written.state.nodeCount());
        for (const [key, held] of entries) expect(filled.state.at(root)?.get(key)).toEqual(held);
        const after = filled.write({ ...BLOCK, root }, next);
        expect(hex(after.root)).toBe(hex(written.write(first, next).root));
        expect(filled.state.nodeCount()).toBe(written.state.nodeCount());
      }),
      { numRuns: 15 },
    );
  });

  it('is refused out of order, and where there is a state already; nothing is left of it', async () => {
    const db = await database();
    const disordered = expect.objectContaining({ code: 'STATE_ORDER' }) as object;
    const fill = (...keys: number[]) =>
      db.transaction(() => {
        db.state.fill(keys.map((key) => entry(key)));
        return [];
      });
    expect(() => fill(2, 1)).toThrow(disordered);
    expect(() => fill(1, 1)).toThrow(disordered);
    expect(db.state.nodeCount()).toBe(0);
    fill(1, 2);
    expect(() => fill(3)).toThrow(disordered);
  });
});
