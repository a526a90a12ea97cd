import { join } from 'node:path';
import { withCopies } from '../chain/lease-copies.ts';
import { BenchError } from '../errors.ts';
import type { Bench } from '../suite.ts';
import { type Charged, chargedIn } from './block-weight.ts';
import { at, type Cast, castOf } from './cast.ts';
import { type Chain, type Rules, rulesOf } from './chain.ts';
import { cpuTime } from './cpu-time.ts';
import { mean } from './quantile.ts';
import { withResidents } from './residents.ts';
import { sceneOf } from './scene.ts';
import { type Fork, type Place, StoredStates } from './stored.ts';

const ROUNDS = 60;

interface Preparation {
  prepare?(chain: Chain, cast: Cast): void;
}

/** What an empty block takes: to open it, and to seal it, in ms of the processor. */
export interface EmptyBlock {
  readonly opened: number;
  readonly sealed: number;
  readonly charged: Charged;
}

/** The state that all is measured on, in a database, and an empty block on it to compare with. */
export class Stage {
  readonly cast: Cast;
  readonly rules: Rules;
  readonly states: StoredStates;
  readonly empty: EmptyBlock;
  readonly #scene: Place;

  constructor({ quick, folder, note }: Bench, residents = 0) {
    const leases = quick ? 20 : 100_000;
    this.cast = castOf(quick ? 2 : 16);
    this.rules = rulesOf();
    this.states = new StoredStates(join(folder, 'states'), this.rules);
    note(`storing a state with ${leases} leases and ${residents} more accounts`);
    const { state, chain } = sceneOf(this.rules, this.cast);
    const model = at(this.cast.spare, 0).publicKey;
    const entries = withResidents(withCopies(state, leases), { state, model, count: residents });
    this.#scene = this.states.fill(entries, chain.moment);
    this.empty = this.#emptyBlock();
  }

  /** Gives `measure` the stored state that a case needs, and takes it back afterwards. */
  on<T>(preparation: Preparation, measure: (place: Place) => T): T {
    const fork = this.states.fork(this.#scene);
    fork.chain.open();
    preparation.prepare?.(fork.chain, this.cast);
    fork.chain.close();
    const place = this.states.keep(fork);
    try {
      return measure(place);
    } finally {
      this.states.drop(place, this.#scene);
    }
  }

  /** Opens a block upon a stored state; answers what that took, ms of the processor. */
  open(place: Place, wait?: number): { readonly fork: Fork; readonly opened: number } {
    const fork = this.states.fork(place);
    const since = cpuTime();
    fork.chain.open(wait);
    return { fork, opened: cpuTime() - since };
  }

  /** @throws BenchError when the rules met with something that they should not */
  ensureSound(name: string): void {
    const [fault] = this.rules.faults;
    if (fault === undefined) return;
    throw new BenchError('BENCH_WRONG_RESULT', `${name} made the rules report a fault: ${describe(fault)}`);
  }

  async close(): Promise<void> {
    await this.states.close();
  }

  #emptyBlock(): EmptyBlock {
    const blocks = Array.from({ length: ROUNDS }, () => {
      const { fork, opened } = this.open(this.#scene);
      const sealed = this.states.seal(fork);
      return { opened, sealed, charged: chargedIn(fork.overlay) };
    });
    const [{ charged }] = blocks as [EmptyBlock];
    return {
      opened: mean(blocks.map((block) => block.opened)),
      sealed: mean(blocks.map((block) => block.sealed)),
      charged,
    };
  }
}

const describe = (fault: unknown): string => {
  const { where, error } = fault as { where: string; error: unknown };
  return `${where}: ${error instanceof Error ? error.message : String(error)}`;
};
