import type { Runtime, StateAccess } from '@hamster/frame';
import type { Overlay } from '@hamster/state';
import { NodeError } from '../errors.ts';
import { hashBytes } from '../hash.ts';
import type { Hash } from '../header.ts';
import type { Chain } from '../storage/chain.ts';

export interface StateView {
  /** Of the best block. */
  readonly number: number;
  /** As a transaction of the next block finds it. */
  readonly state: StateAccess;
}

/** The state of the best block, to validate against: one overlay serves until the next block. */
export class BestState {
  readonly #chain: Chain;
  readonly #runtime: Runtime;
  #cached: { readonly hash: Hash; readonly number: number; readonly state: Overlay } | undefined;

  constructor(chain: Chain, runtime: Runtime) {
    this.#chain = chain;
    this.#runtime = runtime;
  }

  /** The best state, in a layer of its own, until `end`. */
  begin(): StateView {
    const best = this.#chain.best();
    if (this.#cached?.hash !== best.hash) this.#cached = { ...best, state: this.#open(best.hash) };
    this.#cached.state.begin();
    return this.#cached;
  }

  /** Whatever was written since `begin`, and whatever layers were left open, is forgotten. */
  end(): void {
    const state = this.#cached?.state;
    while (state && state.depth > 0) state.rollback();
  }

  #open(hash: Hash): Overlay {
    const header = this.#chain.blocks.header(hash);
    const state = header && this.#chain.state.overlay(hashBytes(header.stateRoot));
    if (!state) throw new NodeError('NODE_STATE_UNAVAILABLE', `The state of block ${hash} is not kept`);
    this.#runtime.enterNextBlock(state, hashBytes(hash));
    return state;
  }
}
