import type { StateAccess, StateReader } from '@hamster/frame';
import { equalBytes, fromKey, toKey } from '../bytes.ts';
import { StateError } from '../errors.ts';
import { MAX_KEY_LENGTH } from '../keys.ts';
import type { Change } from '../trie/build.ts';
import { SortedKeys } from './sorted-keys.ts';

/** How to take one write back: the pending value before it, or nothing pending. */
interface Undo {
  readonly key: string;
  readonly pending: boolean;
  readonly value: Uint8Array | undefined;
}

/**
 * Pending changes over a state that stands still. One map holds the newest value of each key, and each open layer a list
 * of what to take back: reading costs the same at any depth, closing a layer as much as was written in it.
 */
export class Overlay implements StateAccess {
  readonly #base: StateReader;
  readonly #pending = new Map<string, Uint8Array | undefined>();
  readonly #order = new SortedKeys();
  readonly #layers: Undo[][] = [];

  constructor(base: StateReader) {
    this.#base = base;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const name = toKey(key);
    return this.#pending.has(name) ? this.#pending.get(name) : this.#base.get(key);
  }

  /** Keeps `value` itself: don't write into it afterwards. Throws STATE_KEY_LENGTH. */
  put(key: Uint8Array, value: Uint8Array): void {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
      const message = `A storage key has 1 to ${MAX_KEY_LENGTH} bytes, this one has ${key.length}`;
      throw new StateError('STATE_KEY_LENGTH', message);
    }
    this.#write(toKey(key), value);
  }

  delete(key: Uint8Array): void {
    this.#write(toKey(key), undefined);
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    let base = this.#base.nextKey(after);
    while (base && this.#deleted(toKey(base))) base = this.#base.nextKey(base);
    const pending = this.#nextPending(toKey(after));
    if (pending === undefined) return base;
    return base && toKey(base) < pending ? base : fromKey(pending);
  }

  /** Sees every change made before the step that passes it, also while it runs. */
  *keys(prefix: Uint8Array, startAfter?: Uint8Array): Generator<Uint8Array> {
    const base = this.#base.keys(prefix, startAfter)[Symbol.iterator]();
    const start = toKey(prefix);
    let last = startAfter && toKey(startAfter) >= start ? toKey(startAfter) : undefined;
    let stored = nextName(base);
    for (;;) {
      while (stored !== undefined && this.#deleted(stored)) stored = nextName(base);
      const pending: string | undefined =
        last === undefined ? this.#pendingFrom(start) : this.#nextPending(last);
      const fresh = pending?.startsWith(start) ? pending : undefined;
      last = stored === undefined || (fresh !== undefined && fresh < stored) ? fresh : stored;
      if (last === undefined) return;
      if (last === stored) stored = nextName(base);
      yield fromKey(last);
    }
  }

  /** Layers that are open. */
  get depth(): number {
    return this.#layers.length;
  }

  begin(): void {
    this.#layers.push([]);
  }

  commit(): void {
    const done = this.#closeLayer('commit');
    const below = this.#layers.at(-1);
    if (below) for (const undo of done) below.push(undo);
  }

  rollback(): void {
    for (const undo of this.#closeLayer('rollback').reverse()) this.#restore(undo);
  }

  /** What differs from the base, in key order: undefined for a key that is gone. Throws STATE_LAYERS inside of a layer. */
  changes(): Change[] {
    if (this.#layers.length > 0) {
      throw new StateError('STATE_LAYERS', `${this.#layers.length} layers are still open`);
    }
    const changes: Change[] = [];
    for (const name of this.#order) {
      const key = fromKey(name);
      const value = this.#pending.get(name);
      if (!sameValue(this.#base.get(key), value)) changes.push([key, value]);
    }
    return changes;
  }

  #write(name: string, value: Uint8Array | undefined): void {
    const pending = this.#pending.has(name);
    this.#layers.at(-1)?.push({ key: name, pending, value: this.#pending.get(name) });
    if (!pending) this.#order.add(name);
    this.#pending.set(name, value);
  }

  #restore({ key, pending, value }: Undo): void {
    if (pending) {
      this.#pending.set(key, value);
      return;
    }
    this.#pending.delete(key);
    this.#order.delete(key);
  }

  #closeLayer(what: string): Undo[] {
    const layer = this.#layers.pop();
    if (!layer) throw new StateError('STATE_LAYERS', `${what} without begin`);
    return layer;
  }

  #deleted(name: string): boolean {
    return this.#pending.has(name) && this.#pending.get(name) === undefined;
  }

  #pendingFrom(key: string): string | undefined {
    return this.#pending.get(key) === undefined ? this.#nextPending(key) : key;
  }

  #nextPending(after: string): string | undefined {
    let key = this.#order.after(after);
    while (key !== undefined && this.#pending.get(key) === undefined) key = this.#order.after(key);
    return key;
  }
}

function sameValue(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}

function nextName(keys: Iterator<Uint8Array>): string | undefined {
  const { done, value } = keys.next();
  return done ? undefined : toKey(value);
}
