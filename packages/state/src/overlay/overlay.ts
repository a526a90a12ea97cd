import { type Codec, NoteLog, type Notes, type StateAccess, type StateReader } from '@hamster/frame';
import type { Type } from '@hamster/scale';
import { equalBytes, fromKey, toKey } from '../bytes.ts';
import { StateError } from '../errors.ts';
import { MAX_KEY_LENGTH } from '../keys.ts';
import type { Change } from '../trie/build.ts';
import { Entry } from './entry.ts';
import { RecentNames } from './recent-names.ts';
import { Seen } from './seen.ts';
import { SortedKeys } from './sorted-keys.ts';

/** How to take one write back: the pending entry before it, or nothing pending. */
interface Undo {
  readonly key: string;
  readonly pending: boolean;
  readonly entry: Entry | undefined;
  readonly written: Entry | undefined;
}

/** Well below a millisecond of work. */
const ENTRIES_PER_STEP = 128;

/**
 * Pending changes over a state that stands still. One map holds the newest value of each key, and one list what to take
 * back: reading costs the same at any depth, opening and folding down a layer cost nothing, rolling one back as much as was
 * written in it.
 */
export class Overlay implements StateAccess {
  readonly #base: StateReader;
  readonly #pending = new Map<string, Entry | undefined>();
  readonly #seen: Seen;
  readonly #names = new RecentNames();
  /** Pending keys that have a value: stepping from one to the next never meets deleted ones. */
  readonly #order = new SortedKeys();
  /** Behind `after`, the base has nothing but deleted keys up to `last`. Forgotten when one of them is back. */
  #skipped: { readonly after: string; readonly last: string } | undefined;
  readonly #undo: Undo[] = [];
  readonly #notes = new NoteLog();
  /** How many were in `#undo` and `#notes` when each open layer was opened. */
  readonly #marks: { readonly undo: number; readonly notes: number }[] = [];

  /** `seen` is what others know of the same base. */
  constructor(base: StateReader, seen = new Seen()) {
    this.#base = base;
    this.#seen = seen;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.stored(key)?.bytes;
  }

  stored(key: Uint8Array): Entry | undefined {
    const name = this.#names.of(key);
    const entry = this.#pending.get(name);
    if (entry !== undefined || this.#pending.has(name)) return entry;
    return this.#fromBase(name, key);
  }

  /** Keeps `key` and `value` themselves: don’t write into them afterwards. Throws STATE_KEY_LENGTH. */
  put(key: Uint8Array, value: Uint8Array): void {
    this.#put(key, Entry.ofBytes(value));
  }

  /** Keeps `key` and `value` themselves. Encodes at once outside of layers. Throws STATE_KEY_LENGTH. */
  putValue<T>(key: Uint8Array, codec: Codec<T>, value: T): void {
    const isFinal = this.#marks.length === 0;
    this.#put(key, isFinal ? Entry.ofBytes(codec.encode(value)) : Entry.ofValue(codec, value));
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
    this.#marks.push({ undo: this.#undo.length, notes: this.#notes.count });
  }

  /** Throws STATE_LAYERS, and what a codec throws: then the layer is as it was. */
  commit(): void {
    this.#encode(this.#marks.at(-1)?.undo ?? 0);
    this.#closeLayer('commit');
    if (this.#marks.length === 0) this.#undo.length = 0;
  }

  rollback(): void {
    const { undo, notes } = this.#closeLayer('rollback');
    for (let at = this.#undo.length - 1; at >= undo; at--) this.#restore(this.#undo[at]);
    this.#undo.length = undo;
    this.#notes.cutTo(notes);
  }

  /** Throws what the encoding throws. */
  note<T>(type: Pick<Type<T>, 'encodeInto'>, record: T): void {
    this.#notes.add(type, record);
  }

  notes(): Notes {
    return this.#notes.all();
  }

  /** Throws STATE_LAYERS inside of a layer. */
  takeNotes(): Notes {
    this.#outsideOfLayers();
    return this.#notes.take();
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

  #changeIn([name, entry]: readonly [string, Entry | undefined]): Change | undefined {
    const key = fromKey(name);
    const value = entry?.bytes;
    return sameValue(this.#fromBase(name, key)?.bytes, value) ? undefined : [key, value];
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

  #fromBase(name: string, key: Uint8Array): Entry | undefined {
    const known = this.#seen.get(name);
    if (known !== undefined || this.#seen.has(name)) return known;
    const value = this.#base.get(key);
    const entry = value && Entry.ofBytes(value);
    this.#seen.set(name, entry);
    return entry;
  }

  #put(key: Uint8Array, entry: Entry): void {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
      const message = `A storage key has 1 to ${MAX_KEY_LENGTH} bytes, this one has ${key.length}`;
      throw new StateError('STATE_KEY_LENGTH', message);
    }
    this.#write(this.#names.of(key), entry);
  }

  #write(name: string, entry: Entry | undefined): void {
    const before = this.#pending.get(name);
    const pending = before !== undefined || this.#pending.has(name);
    if (this.#marks.length > 0) this.#undo.push({ key: name, pending, entry: before, written: entry });
    if (entry !== undefined) this.#comesBack(name);
    this.#pending.set(name, entry);
    this.#sortIn(name, before, entry);
  }

  #comesBack(name: string): void {
    if (this.#skipped && name > this.#skipped.after && name <= this.#skipped.last) this.#skipped = undefined;
  }

  /** What was written since `from` and has not been replaced: a value that has no encoding must not leave its layer. */
  #encode(from: number): void {
    for (let at = from; at < this.#undo.length; at++) {
      const { key, written } = this.#undo[at] ?? {};
      if (key === undefined || written === undefined || written.isEncoded) continue;
      if (this.#pending.get(key) === written) written.encode();
    }
  }

  #sortIn(name: string, before: Entry | undefined, entry: Entry | undefined): void {
    if (before === undefined && entry !== undefined) this.#order.add(name);
    if (before !== undefined && entry === undefined) this.#order.delete(name);
  }

  #restore(undo: Undo | undefined): void {
    if (!undo) return;
    this.#comesBack(undo.key);
    this.#sortIn(undo.key, this.#pending.get(undo.key), undo.entry);
    if (undo.pending) this.#pending.set(undo.key, undo.entry);
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
