import type { Type } from '@hamster/scale';
import { type Notes, NoteLog } from './note-log.ts';
import { fromKeyText, type KeyText, lowerBound, toKeyText } from './sorted-keys.ts';
import type { StateAccess } from './state.ts';

/** A layer was closed that nobody opened: a bug in the caller. */
export class NoOpenLayer extends Error {
  override readonly name = 'NoOpenLayer';
  readonly code = 'NO_OPEN_LAYER';

  constructor() {
    super('commit or rollback without a begin');
  }
}

type Undo = readonly [key: KeyText, before: Uint8Array | undefined];

/** From here on it is quicker to sort everything anew than to put key by key in its place. */
const MANY = 256;

const inOrder = (a: KeyText, b: KeyText): number => (a < b ? -1 : 1);

/** A state that lives in memory: for genesis and for tests. Layers are logs of what to undo. */
export class MemoryState implements StateAccess {
  readonly #values = new Map<KeyText, Uint8Array>();
  #keys: KeyText[] = [];
  /** Keys that are not in `#keys` yet: sorted in when somebody asks for the order. */
  readonly #unsorted = new Set<KeyText>();
  readonly #layers: Undo[][] = [];
  readonly #notes = new NoteLog();
  /** How many notes there were when each layer was opened. */
  readonly #noted: number[] = [];

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(toKeyText(key));
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#write(toKeyText(key), value);
  }

  delete(key: Uint8Array): void {
    this.#write(toKeyText(key), undefined);
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    const text = toKeyText(after);
    const keys = this.#sorted();
    const position = lowerBound(keys, text);
    const next = keys[keys[position] === text ? position + 1 : position];
    return next === undefined ? undefined : fromKeyText(next);
  }

  *keys(prefix: Uint8Array, startAfter?: Uint8Array): Iterable<Uint8Array> {
    const text = toKeyText(prefix);
    const after = startAfter && toKeyText(startAfter);
    const keys = this.#sorted();
    for (const key of keys.slice(lowerBound(keys, text))) {
      if (!key.startsWith(text)) return;
      if (after === undefined || key > after) yield fromKeyText(key);
    }
  }

  begin(): void {
    this.#layers.push([]);
    this.#noted.push(this.#notes.count);
  }

  commit(): void {
    const closed = this.#close();
    this.#noted.pop();
    const below = this.#layers.at(-1);
    for (const undo of closed) below?.push(undo);
  }

  rollback(): void {
    for (const [key, before] of this.#close().reverse()) this.#set(key, before);
    this.#notes.cutTo(this.#noted.pop() ?? 0);
  }

  note<T>(type: Pick<Type<T>, 'encodeInto'>, record: T): void {
    this.#notes.add(type, record);
  }

  notes(): Notes {
    return this.#notes.all();
  }

  takeNotes(): Notes {
    return this.#notes.take();
  }

  /** All entries, in the order of their keys. */
  *entries(): Iterable<[key: Uint8Array, value: Uint8Array]> {
    for (const key of this.#sorted()) {
      const value = this.#values.get(key);
      if (value) yield [fromKeyText(key), value];
    }
  }

  #close(): Undo[] {
    const layer = this.#layers.pop();
    if (!layer) throw new NoOpenLayer();
    return layer;
  }

  #write(key: KeyText, value: Uint8Array | undefined): void {
    this.#layers.at(-1)?.push([key, this.#values.get(key)]);
    this.#set(key, value);
  }

  #set(key: KeyText, value: Uint8Array | undefined): void {
    const known = this.#values.has(key);
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    if (known === (value !== undefined)) return;
    if (!known) this.#unsorted.add(key);
    else if (!this.#unsorted.delete(key)) this.#keys.splice(lowerBound(this.#keys, key), 1);
  }

  #sorted(): readonly KeyText[] {
    if (this.#unsorted.size > MANY) this.#keys = [...this.#keys, ...this.#unsorted].sort(inOrder);
    else for (const key of this.#unsorted) this.#keys.splice(lowerBound(this.#keys, key), 0, key);
    this.#unsorted.clear();
    return this.#keys;
  }
}
