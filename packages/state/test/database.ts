import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blake2b256 } from '@hamster/crypto';
import { open, type RootDatabase } from 'lmdb';
import { StoredTries } from './stored-tries.ts';
import { StateDb, type BlockRef, type Change, type Pruning } from '../src/index.ts';
import { lastFinal } from '../src/store/pruner.ts';

export interface TestBlock extends BlockRef {
  readonly root: Uint8Array;
}

/** A state database in a folder of its own, that can be closed and opened again. */
export class TestDatabase {
  readonly #path: string;
  readonly #pruning: Pruning;
  #env: RootDatabase;
  state: StateDb;

  constructor(path: string, pruning: Pruning) {
    this.#path = path;
    this.#pruning = pruning;
    this.#env = open({ path });
    this.state = new StateDb({ env: this.#env, pruning });
  }

  static async create(pruning: Pruning): Promise<TestDatabase> {
    return new TestDatabase(await mkdtemp(join(tmpdir(), 'hamster-state-')), pruning);
  }

  /** Writes a block; its hash comes from its parent, its root and `salt`. */
  write(parent: TestBlock, changes: readonly Change[], salt = 0): TestBlock {
    const update = this.state.prepare(parent.root, changes);
    const number = parent.number + 1;
    const hash = blake2b256(Uint8Array.of(...parent.hash, ...update.root, salt));
    this.transaction(() => this.state.write({ number, hash, parentHash: parent.hash }, update));
    return { number, hash, root: update.root };
  }

  finalize(block: BlockRef): void {
    this.transaction(() => this.state.finalize(block));
  }

  /** All of it, or nothing when `last` throws. */
  transaction(staging: () => Iterable<void>, last: () => void = () => undefined): void {
    try {
      this.#env.transactionSync(() => {
        for (const _ of staging()) continue;
        this.state.flush();
        last();
      });
    } finally {
      this.state.settle();
    }
  }

  /** The last final block. Throws RangeError where none is. */
  final(): BlockRef {
    const block = lastFinal(this.#env);
    if (!block) throw new RangeError('No block is final');
    return block;
  }

  storedTries(): StoredTries {
    return new StoredTries(this.#env);
  }

  async reopen(): Promise<void> {
    await this.#env.close();
    this.#env = open({ path: this.#path });
    this.state = new StateDb({ env: this.#env, pruning: this.#pruning });
  }

  async destroy(): Promise<void> {
    await this.#env.close();
    await rm(this.#path, { recursive: true, force: true });
  }
}
