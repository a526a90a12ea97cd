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

/** A state that lives in memory: for genesis and for tests. Layers are logs of what to undo. */
export class MemoryState implements StateAccess {
  readonly #values = new Map<KeyText, Uint8Array>();
  readonly #keys: KeyText[] = [];
  readonly #layers: Undo[][] = [];

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
    const position = lowerBound(this.#keys, text);
    const next = this.#keys[this.#keys[position] === text ? position + 1 : position];
    return next === undefined ? undefined : fromKeyText(next);
  }

  *keys(prefix: Uint8Array, startAfter?: Uint8Array): Iterable<Uint8Array> {
    const text = toKeyText(prefix);
    const after = startAfter && toKeyText(startAfter);
    for (const key of this.#keys.slice(lowerBound(this.#keys, text))) {
      if (!key.startsWith(text)) return;
      if (after === undefined || key > after) yield fromKeyText(key);
    }
  }

  begin(): void {
    this.#layers.push([]);
  }

  commit(): void {
    const closed = this.#close();
    const below = this.#layers.at(-1);
    for (const undo of closed) below?.push(undo);
  }

  rollback(): void {
    for (const [key, before] of this.#close().reverse()) this.#set(key, before);
  }

  /** All entries, in the order of their keys. */
  *entries(): Iterable<[key: Uint8Array, value: Uint8Array]> {
    for (const key of this.#keys) {
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
    this.#keys.splice(lowerBound(this.#keys, key), known ? 1 : 0, ...(known ? [] : [key]));
  }
}
