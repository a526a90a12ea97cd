import fc from 'fast-check';
import { expect } from 'vitest';
import { EMPTY_ROOT, proofSource, readValue, type Change } from '../src/index.ts';
import { apply, hex, stateOf } from './arbitraries.ts';
import type { TestDatabase, TestBlock } from './database.ts';
import type { FormerDatabase } from './former-database.ts';
import { PlacedStore } from './node-store.ts';

/** So few that rivals come to the same state, and chains back to a former one. */
const KEYS = [[0x10], [0x11], [0x11, 0x20], [0x21], [0x21, 0x20]].map((key) => Uint8Array.from(key));
const VALUES = [undefined, new Uint8Array(4).fill(1), new Uint8Array(40).fill(1), new Uint8Array(40).fill(2)];

const batch = fc.array(
  fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)).map((pair): Change => pair),
  { maxLength: 3 },
);
const write = fc.record({ do: fc.constant('write' as const), pick: fc.nat(), changes: batch });
const finalize = fc.record({ do: fc.constant('finalize' as const), pick: fc.nat() });
/** What a database of the former layout is told. */
export const formerStep = fc.oneof({ weight: 3, arbitrary: write }, { weight: 1, arbitrary: finalize });
export const step = fc.oneof(
  { weight: 4, arbitrary: write },
  { weight: 1, arbitrary: finalize },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revert' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'fail' as const), pick: fc.nat() }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

export interface Known extends TestBlock {
  readonly parent: Known | undefined;
  readonly entries: readonly Change[];
}

const BEFORE: TestBlock = { number: -1, hash: new Uint8Array(32), root: EMPTY_ROOT };

/** The slow truth: every block has a list of entries, and the database is told to do the same. */
export class History {
  #writer: TestDatabase | FormerDatabase;
  readonly #window: number;
  #live: Known[] = [];
  #final: Known | undefined;
  #oldest = 0;
  #salt = 0;

  constructor(writer: TestDatabase | FormerDatabase, window: number) {
    this.#writer = writer;
    this.#window = window;
    this.#write(undefined, [[Uint8Array.of(0x10), new Uint8Array(40)]]);
    this.#finalize(this.#live[0]);
  }

  /** Goes on with the same database, opened otherwise. */
  moveTo(db: TestDatabase): void {
    this.#writer = db;
  }

  get #db(): TestDatabase {
    if ('state' in this.#writer) return this.#writer;
    throw new TypeError('A database of the former layout is only written');
  }

  async run(each: Step): Promise<void> {
    const final = this.#final;
    const behind = this.#live.filter((block) => final && isOn(block, final));
    const chosen = behind[each.pick % behind.length];
    if (each.do === 'write') this.#write(chosen, each.changes);
    else if (each.do === 'finalize') this.#finalize(chosen);
    else if (each.do === 'revert')
      this.#revert(
        behind.filter((block) => !this.#hasChild(block)),
        each.pick,
      );
    else if (each.do === 'reopen') await this.#db.reopen();
    else this.#fail(chosen);
  }

  check(): void {
    const { state } = this.#db;
    for (const { root, entries } of this.#live) {
      const reader = state.at(root);
      const truth = stateOf(entries);
      expect([...(reader?.keys(new Uint8Array()) ?? [])]).toEqual([...truth.keys(new Uint8Array())]);
      const proof = state.proof(root, KEYS);
      for (const key of KEYS) {
        expect(reader?.get(key)).toEqual(truth.get(key));
        expect(readValue({ source: proofSource(proof ?? []), root }, key)).toEqual(truth.get(key));
      }
    }
    const stored = this.#db.storedTries();
    const kept = new Set(this.#live.map(({ root }) => hex(root)));
    kept.delete(hex(EMPTY_ROOT));
    expect(new Set(stored.roots.keys())).toEqual(kept);
    expect(stored.lost()).toEqual([]);
  }

  /** Finishes with one block that is final, and nothing else. */
  checkEnd(): void {
    this.#finalize(this.#live.at(-1));
    for (let more = 0; more < this.#window; more++) {
      this.#write(this.#final, []);
      this.#finalize(this.#live.at(-1));
    }
    this.check();
    const alone = new PlacedStore();
    alone.update(this.#final?.entries ?? [], 1);
    const count = [...alone.counts().values()].reduce((sum, each) => sum + each, 0);
    expect(this.#db.state.nodeCount()).toBe(count);
  }

  #write(parent: Known | undefined, changes: readonly Change[]): void {
    const block = this.#writer.write(parent ?? BEFORE, changes, this.#salt++);
    const before = new Map((parent?.entries ?? []).map((entry) => [hex(entry[0]), entry]));
    this.#live.push({ ...block, parent, entries: apply(before, changes) });
  }

  #finalize(block: Known | undefined): void {
    if (!block) return;
    this.#writer.finalize(block);
    this.#final = block;
    this.#oldest = Math.max(this.#oldest, block.number - this.#window + 1);
    this.#live = this.#live.filter(
      (each) => each.number >= this.#oldest && (isOn(each, block) || isOn(block, each)),
    );
  }

  #revert(leaves: readonly Known[], pick: number): void {
    const block = leaves[pick % leaves.length];
    const parent = block?.parent;
    if (!block || !parent || parent.number < this.#oldest) return;
    this.#db.transaction(() => this.#db.state.revert(block, parent.root));
    this.#live = this.#live.filter((each) => each !== block);
    if (this.#final === block) this.#final = parent;
  }

  /** A block whose transaction does not end well. */
  #fail(parent: Known | undefined): void {
    if (!parent) return;
    const { state } = this.#db;
    const update = state.prepare(parent.root, [
      [KEYS[0] ?? parent.hash, new Uint8Array(50).fill(this.#salt++)],
    ]);
    const block = { number: parent.number + 1, hash: new Uint8Array(32).fill(9), parentHash: parent.hash };
    const failing = () =>
      this.#db.transaction(
        () => state.write(block, update),
        () => {
          throw new RangeError('power cut');
        },
      );
    expect(failing).toThrow('power cut');
    expect(state.has(update.root)).toBe(false);
  }

  #hasChild(block: Known): boolean {
    return this.#live.some(({ parent }) => parent === block);
  }
}

function isOn(block: Known | undefined, ancestor: Known): boolean {
  let each = block;
  while (each && each !== ancestor) each = each.parent;
  return each !== undefined;
}
