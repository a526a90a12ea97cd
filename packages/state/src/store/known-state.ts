import type { StateReader } from '@hamster/frame';
import { equalBytes } from '../bytes.ts';
import { Overlay } from '../overlay/overlay.ts';
import { type News, newsOf, Seen } from '../overlay/seen.ts';
import type { Change } from '../trie/build.ts';
import { EMPTY_ROOT } from '../trie/resolve.ts';
import { PER_STOP } from './stops.ts';

interface Move {
  readonly parentRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly changes: readonly Change[];
}

/**
 * What was read lately of one state: the one that overlays were asked for last. Pool and author read the same one, and the next block
 * stands on the one that was written, and asks for much of the same.
 */
export class KnownState {
  #root = EMPTY_ROOT;
  #seen = new Seen();
  #staged: (Pick<Move, 'parentRoot' | 'root'> & { readonly news: readonly News[] }) | undefined;

  /** `base` is the state at `root`. */
  overlay(root: Uint8Array, base: StateReader): Overlay {
    if (!equalBytes(this.#root, root)) this.#become(root, new Seen());
    return new Overlay(base, this.#seen);
  }

  /** Notes what a block makes of a state, with stops. */
  *stage({ parentRoot, root, changes }: Move): Generator<void> {
    const news: News[] = [];
    for (const change of changes) {
      news.push(newsOf(change));
      if (news.length % PER_STOP === 0) yield;
    }
    this.#staged = { parentRoot, root, news };
  }

  /** What was staged is true of those states whether it was committed or not. */
  settle(): void {
    const staged = this.#staged;
    this.#staged = undefined;
    if (!staged || !equalBytes(this.#root, staged.parentRoot)) return;
    this.#become(staged.root, this.#seen.moveOn(staged.news));
  }

  #become(root: Uint8Array, seen: Seen): void {
    this.#root = root;
    this.#seen = seen;
  }
}
