import { blake2b256 } from '@hamster/crypto';
import { u32 } from '@hamster/scale';
import { storagePrefix } from '@hamster/frame';
import { StateDb } from '@hamster/state';
import { open, type RootDatabase } from 'lmdb';
import { join } from 'node:path';
import { BenchError } from '../errors.ts';
import { figure } from '../figure.ts';
import type { Bench, Measure } from '../suite.ts';
import { withCopies } from './lease-copies.ts';
import { LeaseState } from './lease-state.ts';

/** All nodes of a million leases in one run. */
const FILL_BYTES = 3 * 2 ** 30;
const EVENT_COUNT = storagePrefix('System', 'EventCount');

/** A block in which many leases end, with few and with very many others on the chain. */
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

/** So many leases end in one block as its hooks have the weight for, or nearly. */
const sizesOf = ({ quick }: Bench) =>
  quick ? { perLength: 10, lengths: 2, copies: 50 } : { perLength: 100, lengths: 10, copies: 999_000 };

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
      this.#root = this.#state.fill(withCopies(leases.state, copies), FILL_BYTES);
      drain(this.#state.finalize({ number: this.#number, hash: this.#hash }));
    });
  }

  /** Makes the block in which the leases of so many hours end; answers how long it took, in ms. */
  endOf(hours: number, expected: number): number {
    const since = performance.now();
    const { runtime } = this.#leases;
    const overlay = this.#state.overlay(this.#root);
    if (!overlay) throw new BenchError('BENCH_WRONG_RESULT', 'The state that was just stored is not there');
    const number = this.#number + 1;
    runtime.initializeBlock(overlay, { number, parentHash: this.#hash, digest: [] });
    for (const bytes of runtime.inherents({ now: LeaseState.endOf(hours) })) {
      runtime.applyExtrinsic(overlay, runtime.decodeExtrinsic(bytes));
    }
    runtime.finalizeBlock(overlay);
    this.#store(this.#state.prepare(this.#root, overlay.changes()), number);
    const took = performance.now() - since;
    const events = overlay.get(EVENT_COUNT);
    if (!events || u32.decode(events) < expected) {
      throw new BenchError('BENCH_WRONG_RESULT', `Fewer than ${expected} leases came due in one block`);
    }
    return took;
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
