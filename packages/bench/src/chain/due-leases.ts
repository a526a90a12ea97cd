import { blake2b256 } from '@hamster/crypto';
import { storagePrefix, TaskKey } from '@hamster/frame';
import { StateDb } from '@hamster/state';
import { open, type RootDatabase } from 'lmdb';
import { join } from 'node:path';
import { BenchError } from '../errors.ts';
import { figure } from '../figure.ts';
import type { Bench, Measure } from '../suite.ts';
import { withCopies } from './lease-copies.ts';
import { LeaseState } from './lease-state.ts';

const AGENDA = storagePrefix('ResourceOrder', 'Agenda');

/** Many leases end at once, with few and with very many others on the chain: in as many blocks as their hooks have the weight for. */
export const dueLeases: Measure = {
  name: 'due-leases',
  async run(bench) {
    const { perLength, lengths, copies } = sizesOf(bench);
    const leases = new LeaseState({ perLength, lengths });
    bench.note(`storing ${perLength * lengths} leases, and the same with ${copies} more`);
    const few = new StoredLeases(join(bench.folder, 'few'), leases, 0);
    const since = performance.now();
    const many = new StoredLeases(join(bench.folder, 'many'), leases, copies);
    const stored = (performance.now() - since) / 1000;
    try {
      const times = Array.from({ length: lengths }, (_, index) => ({
        few: few.endOf(index + 1, perLength),
        many: many.endOf(index + 1, perLength),
      }));
      return figuresOf(times, stored);
    } finally {
      await few.close();
      await many.close();
    }
  },
};

const sizesOf = ({ quick }: Bench) =>
  quick ? { perLength: 10, lengths: 2, copies: 50 } : { perLength: 1_000, lengths: 10, copies: 990_000 };

interface Times {
  readonly few: number;
  readonly many: number;
}

function figuresOf(times: readonly Times[], stored: number) {
  return [
    figure({
      name: 'block-with-due-leases',
      value: median(times.map(({ many }) => many)),
      unit: 'ms',
      baseline: median(times.map(({ few }) => few)),
      goal: { of: 'ratio', is: '<=', limit: 1.2 },
    }),
    figure({ name: 'storing-all-leases', value: stored, unit: 's' }),
  ];
}

const wrong = (message: string): BenchError => new BenchError('BENCH_WRONG_RESULT', message);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function drain(parts: Iterable<void>): void {
  for (const _ of parts) continue;
}

/** Leases in a state database, and blocks on top of them: executed, hashed and committed to disk as a node does. */
class StoredLeases {
  readonly #env: RootDatabase;
  readonly #state: StateDb;
  readonly #leases: LeaseState;
  #root: Uint8Array = new Uint8Array();
  #number: number;
  #hash: Uint8Array;

  constructor(path: string, leases: LeaseState, copies: number) {
    this.#env = open({ path, noSubdir: false, maxDbs: 16, overlappingSync: false });
    this.#state = new StateDb({ env: this.#env, version: 1 });
    this.#leases = leases;
    this.#number = leases.number;
    this.#hash = blake2b256(Buffer.from('first'));
    this.#transaction(() => {
      this.#root = this.#state.fill(withCopies(leases.state, copies));
      drain(this.#state.finalize({ number: this.#number, hash: this.#hash }));
    });
  }

  /** Makes the blocks in which the leases of so many hours end, as many as that takes; answers how long it took, in ms. */
  endOf(hours: number, expected: number): number {
    const now = LeaseState.endOf(hours);
    const due = this.#dueAt(now);
    if (due < expected) throw wrong(`Only ${due} of ${expected} leases are due`);
    const since = performance.now();
    for (let blocks = 0n; blocks < expected && this.#hasDueAt(now); blocks++) this.#block(now + blocks);
    const took = performance.now() - since;
    const left = this.#dueAt(now);
    if (left > 0) throw wrong(`${left} of ${due} tasks that were due are still waiting`);
    return took;
  }

  #hasDueAt(now: bigint): boolean {
    for (const due of this.#moments()) return due <= now;
    return false;
  }

  #dueAt(now: bigint): number {
    let count = 0;
    for (const due of this.#moments()) {
      if (due > now) break;
      count += 1;
    }
    return count;
  }

  /** When what is on the agenda is due, the earliest first. */
  *#moments(): Generator<bigint> {
    for (const key of this.#overlay().keys(AGENDA)) yield TaskKey.decode(key.subarray(AGENDA.length)).due;
  }

  #overlay() {
    const overlay = this.#state.overlay(this.#root);
    if (!overlay) throw wrong('The state that was just stored is not there');
    return overlay;
  }

  #block(now: bigint): void {
    const { runtime } = this.#leases;
    const overlay = this.#overlay();
    const number = this.#number + 1;
    runtime.initializeBlock(overlay, { number, parentHash: this.#hash, digest: [] });
    for (const bytes of runtime.inherents({ now })) {
      runtime.applyExtrinsic(overlay, runtime.decodeExtrinsic(bytes));
    }
    runtime.finalizeBlock(overlay);
    this.#store(this.#state.prepare(this.#root, overlay.changes()), number);
  }

  async close(): Promise<void> {
    await this.#env.close();
  }

  #store(update: ReturnType<StateDb['prepare']>, number: number): void {
    const hash = blake2b256(update.root);
    const parentHash = this.#hash;
    this.#transaction(() => {
      drain(this.#state.write({ number, hash, parentHash }, update));
      drain(this.#state.finalize({ number, hash }));
    });
    [this.#root, this.#hash, this.#number] = [update.root, hash, number];
  }

  #transaction(action: () => void): void {
    try {
      this.#env.transactionSync(() => {
        action();
        this.#state.flush();
      });
    } finally {
      this.#state.settle();
    }
  }
}
