import type { StateAccess } from '@hamster/frame';
import { NodeError } from '../errors.ts';
import { hashBytes } from '../hash.ts';
import type { Hash } from '../header.ts';
import type { Chain } from '../storage/chain.ts';

export interface StateView {
  readonly number: number;
  readonly blockHash: Uint8Array;
  readonly state: StateAccess;
}

/** The state of the best block, to validate against: one overlay serves until the next block. */
export class BestState {
  readonly #chain: Chain;
  #cached: { readonly hash: Hash; readonly view: StateView } | undefined;

  constructor(chain: Chain) {
    this.#chain = chain;
  }

  /** Runs `read` on the best state; whatever it wrote, and whatever layers it left open, is forgotten. */
  use<T>(read: (view: StateView) => T): T {
    const best = this.#chain.best();
    if (this.#cached?.hash !== best.hash) this.#cached = { hash: best.hash, view: this.#open(best.hash) };
    const { view } = this.#cached;
    view.state.begin();
    try {
      const result = read(view);
      view.state.rollback();
      return result;
    } catch (error) {
      this.#cached = undefined;
      throw error;
    }
  }

  #open(hash: Hash): StateView {
    const header = this.#chain.blocks.header(hash);
    const state = header && this.#chain.state.overlay(hashBytes(header.stateRoot));
    if (!state) throw new NodeError('NODE_STATE_UNAVAILABLE', `The state of block ${hash} is not kept`);
    return { number: header.number, blockHash: hashBytes(hash), state };
  }
}
