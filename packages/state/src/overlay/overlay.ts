import type { StateAccess, StateReader } from '@hamster/frame';
import { equalBytes, fromKey, toKey } from '../bytes.ts';
import { StateError } from '../errors.ts';
import { MAX_KEY_LENGTH } from '../keys.ts';
import type { Change } from '../trie/build.ts';
import { RecentNames } from './recent-names.ts';
import { SortedKeys } from './sorted-keys.ts';

/** How to take one write back: the pending value before it, or nothing pending. */
interface Undo {
  readonly key: string;
  readonly pending: boolean;
  readonly value: Uint8Array | undefined;
}

/** Entries of the base that are kept at hand; with one more all are forgotten. */
const MAX_SEEN = 32_768;
/** Well below a millisecond of work. */
const ENTRIES_PER_STEP = 128;

/**
 * Pending changes over a state that stands still. One map holds the newest value of each key, and one list what to take
 * back: reading costs the same at any depth, opening and folding down a layer cost nothing, rolling one back as much as was
 * written in it.
 */
export class Overlay implements StateAccess {
  readonly #base: StateReader;
  readonly #pending = new Map<string, Uint8Array | undefined>();
  /** What the base holds, as far as it was asked. */
  readonly #seen = new Map<string, Uint8Array | undefined>();
  readonly #names = new RecentNames();
  /** Pending keys that have a value: stepping from one to the next never meets deleted ones. */
  readonly #order = new SortedKeys();
  /** Behind `after`, the base has nothing but deleted keys up to `last`. Forgotten when one of them is back. */
  #skipped: { readonly after: string; readonly last: string } | undefined;
  readonly #undo: Undo[] = [];
  #notes: Uint8Array[] = [];
  /** Lengths of `#undo` and `#notes` when each open layer was opened. */
  readonly #marks: { readonly undo: number; readonly notes: number }[] = [];

  constructor(base: StateReader) {
    this.#base = base;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const name = this.#names.of(key);
    const value = this.#pending.get(name);
    if (value !== undefined || this.#pending.has(name)) return value;
    return this.#fromBase(name, key);
  }

  /** Keeps `key` and `value` themselves: don’t write into them afterwards. Throws STATE_KEY_LENGTH. */
  put(key: Uint8Array, value: Uint8Array): void {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
      const message = `A storage key has 1 to ${MAX_KEY_LENGTH} bytes, this one has ${key.length}`;
      throw new StateError('STATE_KEY_LENGTH', message);
    }
    this.#write(this.#names.of(key), value);
  }

  delete(key: Uint8Array): void {
    this.#write(this.#names.of(key), undefined);
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    const base = this.#nextInBase(after);
    const pending = this.#order.after(toKey(after));
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
        last === undefined ? this.#pendingFrom(start) : this.#order.after(last);
      const fresh = pending?.startsWith(start) ? pending : undefined;
      last = stored === undefined || (fresh !== undefined && fresh < stored) ? fresh : stored;
      if (last === undefined) return;
      if (last === stored) stored = nextName(base);
      yield fromKey(last);
    }
  }

  /** Layers that are open. */
  get depth(): number {
    return this.#marks.length;
  }

  begin(): void {
    this.#marks.push({ undo: this.#undo.length, notes: this.#notes.length });
  }

  commit(): void {
    this.#closeLayer('commit');
    if (this.#marks.length === 0) this.#undo.length = 0;
  }

  rollback(): void {
    const { undo, notes } = this.#closeLayer('rollback');
    for (let at = this.#undo.length - 1; at >= undo; at--) this.#restore(this.#undo[at]);
    this.#undo.length = undo;
    this.#notes.length = notes;
  }

  note(record: Uint8Array): void {
    this.#notes.push(record);
  }

  notes(): readonly Uint8Array[] {
    return this.#notes;
  }

  /** Throws STATE_LAYERS inside of a layer. */
  takeNotes(): Uint8Array[] {
    this.#outsideOfLayers();
    const taken = this.#notes;
    this.#notes = [];
    return taken;
  }

  /** What differs from the base, in key order: undefined for a key that is gone. Throws STATE_LAYERS inside of a layer. */
  changes(): Change[] {
    this.#outsideOfLayers();
    const entries = [...this.#pending].sort(byName);
    return entries.map((entry) => this.#changeIn(entry)).filter((change) => change !== undefined);
  }

  /** As `changes`; `pause` is awaited in between, again and again. Nothing may be written meanwhile. */
  async changesInSlices(pause: () => Promise<void>): Promise<Change[]> {
    this.#outsideOfLayers();
    const changes: Change[] = [];
    for (const [at, entry] of [...this.#pending].sort(byName).entries()) {
      const change = this.#changeIn(entry);
      if (change) changes.push(change);
      if (at % ENTRIES_PER_STEP === 0) await pause();
    }
    return changes;
  }

  #changeIn([name, value]: readonly [string, Uint8Array | undefined]): Change | undefined {
    const key = fromKey(name);
    return sameValue(this.#fromBase(name, key), value) ? undefined : [key, value];
  }

  /** Steps over deleted keys, but not over the same ones each time: who takes the first of a queue asks again and again. */
  #nextInBase(after: Uint8Array): Uint8Array | undefined {
    const name = toKey(after);
    let last = this.#skipped?.after === name ? this.#skipped.last : undefined;
    let base = this.#base.nextKey(last === undefined ? after : fromKey(last));
    for (; base && this.#deleted(toKey(base)); base = this.#base.nextKey(base)) last = toKey(base);
    if (last !== undefined) this.#skipped = { after: name, last };
    return base;
  }

  #fromBase(name: string, key: Uint8Array): Uint8Array | undefined {
    const known = this.#seen.get(name);
    if (known !== undefined || this.#seen.has(name)) return known;
    const value = this.#base.get(key);
    if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
    this.#seen.set(name, value);
    return value;
  }

  #write(name: string, value: Uint8Array | undefined): void {
    const before = this.#pending.get(name);
    const pending = before !== undefined || this.#pending.has(name);
    if (this.#marks.length > 0) this.#undo.push({ key: name, pending, value: before });
    if (value !== undefined) this.#comesBack(name);
    this.#pending.set(name, value);
    this.#sortIn(name, before, value);
  }

  #comesBack(name: string): void {
    if (this.#skipped && name > this.#skipped.after && name <= this.#skipped.last) this.#skipped = undefined;
  }

  #sortIn(name: string, before: Uint8Array | undefined, value: Uint8Array | undefined): void {
    if (before === undefined && value !== undefined) this.#order.add(name);
    if (before !== undefined && value === undefined) this.#order.delete(name);
  }

  #restore(undo: Undo | undefined): void {
    if (!undo) return;
    this.#comesBack(undo.key);
    this.#sortIn(undo.key, this.#pending.get(undo.key), undo.value);
    if (undo.pending) this.#pending.set(undo.key, undo.value);
    else this.#pending.delete(undo.key);
  }

  #closeLayer(what: string): { readonly undo: number; readonly notes: number } {
    const mark = this.#marks.pop();
    if (!mark) throw new StateError('STATE_LAYERS', `${what} without begin`);
    return mark;
  }

  #outsideOfLayers(): void {
    if (this.#marks.length === 0) return;
    throw new StateError('STATE_LAYERS', `${this.#marks.length} layers are still open`);
  }

  #deleted(name: string): boolean {
    return this.#pending.has(name) && this.#pending.get(name) === undefined;
  }

  #pendingFrom(key: string): string | undefined {
    return this.#pending.get(key) === undefined ? this.#order.after(key) : key;
  }
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function sameValue(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}

function nextName(keys: Iterator<Uint8Array>): string | undefined {
  const { done, value } = keys.next();
  return done ? undefined : toKey(value);
}
