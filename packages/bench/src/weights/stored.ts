import { blake2b256 } from '@hamster/crypto';
import { StateDb } from '@hamster/state';
import { open, type RootDatabase } from 'lmdb';
import type { Entry } from '../chain/lease-copies.ts';
import { BenchError } from '../errors.ts';
import { Chain, type Moment, type Rules } from './chain.ts';
import { cpuTime } from './cpu-time.ts';

type Overlay = NonNullable<ReturnType<StateDb['overlay']>>;

/** A state on disk that blocks can be put on. */
export interface Place {
  readonly root: Uint8Array;
  readonly hash: Uint8Array;
  readonly moment: Moment;
  /** To the database all blocks of a fork are one. */
  readonly height: number;
}

/** A chain on a stored state, and what it has changed so far. */
export interface Fork {
  readonly chain: Chain;
  readonly overlay: Overlay;
  readonly from: Place;
}

/** A state in a database as a node has one, and forks of it; the newest state that was kept is the one that is read quickest. */
export class StoredStates {
  readonly #env: RootDatabase;
  readonly #db: StateDb;
  readonly #rules: Rules;

  constructor(path: string, rules: Rules) {
    this.#env = open({ path, noSubdir: false, maxDbs: 16, overlappingSync: false });
    this.#db = new StateDb({ env: this.#env, version: 1 });
    this.#rules = rules;
  }

  /** Stores the first state. */
  fill(entries: Iterable<Entry>, moment: Moment): Place {
    const hash = blake2b256(Buffer.from('first'));
    let root = new Uint8Array();
    this.#transaction(() => {
      root = Uint8Array.from(this.#db.fill(entries));
      drain(this.#db.finalize({ number: 1, hash }));
    });
    return { root, hash, moment, height: 1 };
  }

  /** To make blocks on this state, as often as one likes: each fork knows nothing of the others. */
  fork(from: Place): Fork {
    const overlay = this.#db.overlay(from.root);
    if (!overlay) throw new BenchError('BENCH_WRONG_RESULT', 'The state that was just stored is not there');
    return { overlay, from, chain: new Chain(this.#rules, overlay, from.moment) };
  }

  /** Stores what a fork has come to, its last block being closed: what is read behind it comes from the database. */
  keep({ overlay, from, chain }: Fork): Place {
    const update = this.#db.prepare(from.root, overlay.changes());
    const height = from.height + 1;
    const hash = blake2b256(Buffer.concat([from.hash, update.root]));
    this.#transaction(() => drain(this.#db.write({ number: height, hash, parentHash: from.hash }, update)));
    return { root: update.root, hash, moment: chain.moment, height };
  }

  /** Takes the latest state that was kept back. */
  drop({ height, hash }: Place, from: Place): void {
    this.#transaction(() => drain(this.#db.revert({ number: height, hash }, from.root)));
  }

  /** Does to a fork what a node does to a block behind its extrinsics, but for the disk's part. Answers the ms of the processor that it took. */
  seal({ overlay, from, chain }: Fork): number {
    const since = cpuTime();
    chain.close();
    const update = this.#db.prepare(from.root, overlay.changes());
    try {
      const block = { number: from.height + 1, hash: update.root, parentHash: from.hash };
      drain(this.#db.write(block, update));
      return cpuTime() - since;
    } finally {
      this.#db.settle();
    }
  }

  async close(): Promise<void> {
    await this.#env.close();
  }

  #transaction(action: () => void): void {
    try {
      this.#env.transactionSync(() => {
        action();
        this.#db.flush();
      });
    } finally {
      this.#db.settle();
    }
  }
}

function drain(parts: Iterable<void>): void {
  for (const _ of parts) continue;
}
