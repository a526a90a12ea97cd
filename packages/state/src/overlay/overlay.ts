import { type Codec, NoteLog, type Notes, type StateAccess, type StateReader } from '@hamster/frame';
import type { Type } from '@hamster/scale';
import { equalBytes, fromKey, toKey } from '../bytes.ts';
import { StateError } from '../errors.ts';
import { MAX_KEY_LENGTH } from '../keys.ts';
import type { Change } from '../trie/build.ts';
import { Entry } from './entry.ts';
import { Seen } from './seen.ts';
import { type Slot, Slots } from './slots.ts';
import { SortedKeys } from './sorted-keys.ts';

/** How to take back what a layer wrote to one key: the pending entry before that, or nothing pending. */
interface Undo {
  readonly slot: Slot;
  readonly isPending: boolean;
  readonly pending: Entry | undefined;
}

/** Well below a millisecond of work. */
const ENTRIES_PER_STEP = 128;

/**
 * Pending changes over a state that stands still. A slot holds the newest value of each key, and one list what to take back: reading
 * costs the same at any depth, opening and folding down a layer cost nothing, rolling one back as much as was written in it.
 */
export class Overlay implements StateAccess {
  readonly #base: StateReader;
  readonly #seen: Seen;
  readonly #slots = new Slots();
  /** Pending keys that have a value: stepping from one to the next never meets deleted ones. */
  readonly #order = new SortedKeys();
  /** Behind `after`, the base has nothing but deleted keys up to `last`. Forgotten when one of them is back. */
  #skipped: { readonly after: string; readonly last: string } | undefined;
  readonly #undo: Undo[] = [];
  readonly #notes = new NoteLog();
  /** How many were in `#undo` and `#notes` when each open layer was opened. */
  readonly #marks: { readonly undo: number; readonly notes: number }[] = [];
  /** The numbers of the open layers, of which none comes twice. */
  readonly #layers: number[] = [];
  /** Layers that were opened so far. */
  #opened = 0;

  /** `seen` is what others know of the same base. */
  constructor(base: StateReader, seen = new Seen()) {
    this.#base = base;
    this.#seen = seen;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.stored(key)?.bytes;
  }

  stored(key: Uint8Array): Entry | undefined {
    const slot = this.#slots.of(key);
    return slot.isPending ? slot.pending : this.#fromBase(slot);
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
    this.#write(this.#slots.of(key), undefined);
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
    this.#layers.push(++this.#opened);
  }

  /** Throws STATE_LAYERS, and what a codec throws: then the layer is as it was. */
  commit(): void {
    this.#ensureSound(this.#marks.at(-1)?.undo ?? 0);
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
    const slots = this.#slots.pending().sort(byName);
    return slots.map((slot) => this.#changeIn(slot)).filter((change) => change !== undefined);
  }

  /** As `changes`; `pause` is awaited in between, again and again. Nothing may be written meanwhile. */
  async changesInSlices(pause: () => Promise<void>): Promise<Change[]> {
    this.#outsideOfLayers();
    const changes: Change[] = [];
    let looked = 0;
    for (const slot of this.#slots.pending().sort(byName)) {
      const change = this.#changeIn(slot);
      if (change) changes.push(change);
      if (++looked % ENTRIES_PER_STEP === 0) await pause();
    }
    return changes;
  }

  #changeIn(slot: Slot): Change | undefined {
    const value = slot.pending?.bytes;
    return sameValue(this.#fromBase(slot)?.bytes, value) ? undefined : [slot.key, value];
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

  #fromBase(slot: Slot): Entry | undefined {
    if (!slot.isKnown) {
      slot.base = this.#look(slot);
      slot.isKnown = true;
    }
    return slot.base;
  }

  #look({ key, name }: Slot): Entry | undefined {
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
    this.#write(this.#slots.of(key), entry);
  }

  #write(slot: Slot, entry: Entry | undefined): void {
    const { name, isPending, pending } = slot;
    const layer = this.#layers.at(-1);
    // What a layer writes again and again is taken back once.
    if (layer !== undefined && slot.layer !== layer) {
      this.#undo.push({ slot, isPending, pending });
      slot.layer = layer;
    }
    if (entry !== undefined) this.#comesBack(name);
    slot.isPending = true;
    slot.pending = entry;
    this.#sortIn(name, pending, entry);
  }

  #comesBack(name: string): void {
    if (this.#skipped && name > this.#skipped.after && name <= this.#skipped.last) this.#skipped = undefined;
  }

  /** What was written since `from`: a value that has no encoding must not leave its layer. */
  #ensureSound(from: number): void {
    for (let at = from; at < this.#undo.length; at++) this.#undo[at]?.slot.pending?.ensureSound();
  }

  #sortIn(name: string, before: Entry | undefined, entry: Entry | undefined): void {
    if (before === undefined && entry !== undefined) this.#order.add(name);
    if (before !== undefined && entry === undefined) this.#order.delete(name);
  }

  #restore(undo: Undo | undefined): void {
    if (!undo) return;
    const { slot, isPending, pending } = undo;
    this.#comesBack(slot.name);
    this.#sortIn(slot.name, slot.pending, pending);
    slot.isPending = isPending;
    slot.pending = pending;
  }

  #closeLayer(what: string): { readonly undo: number; readonly notes: number } {
    const mark = this.#marks.pop();
    this.#layers.pop();
    if (!mark) throw new StateError('STATE_LAYERS', `${what} without begin`);
    return mark;
  }

  #outsideOfLayers(): void {
    if (this.#marks.length === 0) return;
    throw new StateError('STATE_LAYERS', `${this.#marks.length} layers are still open`);
  }

  #deleted(name: string): boolean {
    const slot = this.#slots.named(name);
    return slot !== undefined && slot.isPending && slot.pending === undefined;
  }

  #pendingFrom(key: string): string | undefined {
    return this.#slots.named(key)?.pending === undefined ? this.#order.after(key) : key;
  }
}

const byName = (one: Slot, other: Slot): number => (one.name < other.name ? -1 : 1);

function sameValue(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}

function nextName(keys: Iterator<Uint8Array>): string | undefined {
  const { done, value } = keys.next();
  return done ? undefined : toKey(value);
}
