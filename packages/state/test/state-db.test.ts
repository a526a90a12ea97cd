import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { EMPTY_ROOT, type Overlay, trieRoot, type Change, type Pruning } from '../src/index.ts';
import { apply, changes, hex, keys, stateOf } from './arbitraries.ts';
import { TestDatabase, type TestBlock } from './database.ts';

const ALL = new Uint8Array();
const GENESIS: TestBlock = { number: -1, hash: new Uint8Array(32), root: EMPTY_ROOT };

const databases: TestDatabase[] = [];

async function database(pruning: Pruning): Promise<TestDatabase> {
  const created = await TestDatabase.create(pruning);
  databases.push(created);
  return created;
}

afterEach(async () => {
  for (const each of databases.splice(0)) await each.destroy();
});

const change = (key: number, value?: number): Change => [
  Uint8Array.of(key),
  value === undefined ? undefined : new Uint8Array(40).fill(value),
];

/** A chain of final blocks, each with its own value under keys that are common and under one that is new. */
function chain(db: TestDatabase, length: number): TestBlock[] {
  const blocks: TestBlock[] = [];
  let parent = GENESIS;
  for (let i = 0; i < length; i++) {
    parent = db.write(parent, [change(1, i), change(2, i % 3), change(100 + (i % 50), i)]);
    db.finalize(parent);
    blocks.push(parent);
  }
  return blocks;
}

describe('the state database', () => {
  it('answers for every kept block as a map would', async () => {
    const db = await database('archive');
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { minLength: 1, maxLength: 5 }), keys, async (history, probe) => {
        const model = new Map<string, Change>();
        const states = [];
        let parent = GENESIS;
        for (const batch of history) {
          const entries = apply(model, batch);
          parent = db.write(parent, batch);
          expect(hex(parent.root)).toBe(hex(trieRoot(entries, 1)));
          states.push({ root: parent.root, truth: stateOf(entries) });
        }
        for (const { root, truth } of states) {
          const reader = db.state.at(root);
          expect(reader?.get(probe)).toEqual(truth.get(probe));
          expect(reader?.nextKey(probe)).toEqual(truth.nextKey(probe));
          expect([...(reader?.keys(ALL) ?? [])]).toEqual([...truth.keys(ALL)]);
          expect([...(reader?.keys(probe.subarray(0, 1), probe) ?? [])]).toEqual([
            ...truth.keys(probe.subarray(0, 1), probe),
          ]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('answers overlays for their own state, whatever others have read and written before', async () => {
    const db = await database('archive');
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { minLength: 2, maxLength: 5 }), async (history) => {
        const asked = history
          .flatMap((batch) => batch.map(([key]) => key))
          .filter(({ length }) => length > 0);
        const model = new Map<string, Change>();
        const opened: { overlay: Overlay; truth: ReturnType<typeof stateOf> }[] = [];
        const checkAll = (): void => {
          for (const { overlay, truth } of opened)
            for (const key of asked) expect(overlay.get(key)).toEqual(truth.get(key));
        };
        let parent = GENESIS;
        for (const batch of history) {
          parent = db.write(parent, batch);
          const truth = stateOf(apply(model, batch));
          for (const { root } of [parent, parent]) {
            const overlay = db.state.overlay(root);
            if (overlay) opened.push({ overlay, truth });
            checkAll();
          }
        }
        expect(opened).toHaveLength(2 * history.length);
      }),
      { numRuns: 20 },
    );
  });

  it('is the same after it was closed and opened', async () => {
    const db = await database(256);
    const blocks = chain(db, 10);
    await db.reopen();
    const last = blocks.at(-1);
    expect(last && db.state.at(last.root)?.get(Uint8Array.of(1))).toEqual(new Uint8Array(40).fill(9));
    expect(last && db.state.changes(last)).toEqual([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(109)]);
    expect(blocks[3] && db.state.at(blocks[3].root)?.get(Uint8Array.of(2))).toEqual(new Uint8Array(40));
  });

  it('keeps the states of the window and not one node more', async () => {
    const db = await database(8);
    const blocks = chain(db, 60);
    const kept = blocks.filter(({ root }) => db.state.has(root));
    expect(kept.map(({ number }) => number)).toEqual([52, 53, 54, 55, 56, 57, 58, 59]);
    for (const { root, number } of kept) {
      expect([...(db.state.at(root)?.keys(ALL) ?? [])].length).toBe(Math.min(number + 1, 50) + 2);
    }
    const nodesOfWindow = db.state.nodeCount();
    const archive = await database('archive');
    chain(archive, 60);
    expect(archive.state.nodeCount()).toBeGreaterThan(nodesOfWindow * 2);
  });

  it('is empty when everything was deleted and the window has passed', async () => {
    const db = await database(2);
    let head = chain(db, 20).at(-1) ?? GENESIS;
    const everything = [...(db.state.at(head.root)?.keys(ALL) ?? [])].map((key): Change => [key, undefined]);
    head = db.write(head, everything);
    for (let i = 0; i < 4; i++) {
      db.finalize(head);
      head = db.write(head, []);
    }
    db.finalize(head);
    expect(hex(head.root)).toBe(hex(EMPTY_ROOT));
    expect(db.state.nodeCount()).toBe(0);
  });

  it('gives up a rival of a final block and nothing that the final one needs', async () => {
    const db = await database(256);
    const [genesis] = chain(db, 1);
    if (!genesis) throw new RangeError('no genesis');
    const shared = [change(3, 7), change(4, 8)];
    const rival = db.write(genesis, [...shared, change(5, 1)], 1);
    const winner = db.write(genesis, [...shared, change(5, 2)], 2);
    const child = db.write(winner, [change(6, 1)]);
    db.finalize(child);
    expect(db.state.has(rival.root)).toBe(false);
    expect(db.state.changes(rival)).toBeUndefined();
    for (const key of [3, 4, 5, 6]) expect(db.state.at(child.root)?.get(Uint8Array.of(key))).toBeDefined();
    expect(() => db.finalize({ ...rival, number: 9 })).toThrow(
      expect.objectContaining({ code: 'STATE_ORDER' }),
    );
  });

  it('gives up what stands on a rival of a final block with it', async () => {
    const db = await database(256);
    const [genesis] = chain(db, 1);
    if (!genesis) throw new RangeError('no genesis');
    const rival = db.write(genesis, [change(5, 1)], 1);
    const grandchild = db.write(db.write(rival, [change(6, 1)]), [change(7, 1)]);
    const winner = db.write(genesis, [change(5, 2)], 2);
    db.finalize(winner);
    expect([db.state.has(grandchild.root), db.state.has(winner.root)]).toEqual([false, true]);
    const stored = db.storedTries();
    expect([stored.roots.size, stored.lost()]).toEqual([2, []]);
  });

  it('forgets a transaction that was aborted', async () => {
    const db = await database(256);
    const [head] = chain(db, 1);
    if (!head) throw new RangeError('no head');
    const update = db.state.prepare(head.root, [change(1, 99)]);
    const failing = () =>
      db.transaction(function* () {
        yield* db.state.write({ number: 1, hash: new Uint8Array(32), parentHash: head.hash }, update);
        throw new RangeError('power cut');
      });
    expect(failing).toThrow('power cut');
    expect(db.state.has(update.root)).toBe(false);
    expect(db.state.at(head.root)?.get(Uint8Array.of(1))).toEqual(new Uint8Array(40));
  });

  it('lets a listing go on when the head moves under it', async () => {
    const db = await database(256);
    const head = chain(db, 30).at(-1) ?? GENESIS;
    const listed: number[] = [];
    for (const key of db.state.at(head.root)?.keys(ALL) ?? []) {
      if (listed.push(key[0] ?? 0) === 5) db.write(head, [change(1), change(110)]);
    }
    expect(listed.length).toBe(32);
  });

  it('keeps every state in an archive', async () => {
    const db = await database('archive');
    const blocks = chain(db, 5);
    expect(blocks.every(({ root }) => db.state.has(root))).toBe(true);
    expect(db.state.closestMerkleValue(blocks[0]?.root ?? EMPTY_ROOT, ALL)).toEqual(blocks[0]?.root);
  });
});
