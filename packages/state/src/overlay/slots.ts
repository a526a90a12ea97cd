import { toKey } from '../bytes.ts';
import type { Entry } from './entry.ts';

/** A transaction touches its accounts, and a handful of values that every one touches. */
const PLACES = 16;

/** So many that were only read are kept at hand; with one more they are forgotten. */
const MAX_READ = 8_192;

/** What is known of one key: what the base has there, and what was written since. */
export class Slot {
  readonly key: Uint8Array;
  /** The key as text. */
  readonly name: string;
  /** Whether something was written: `pending`, which is undefined for a key that is gone. */
  isPending = false;
  pending: Entry | undefined = undefined;
  /** Whether somebody has looked into the base: `base`, which is undefined where that has nothing. */
  isKnown = false;
  base: Entry | undefined = undefined;
  /** The layer that wrote last. */
  layer = 0;

  constructor(key: Uint8Array, name: string) {
    this.key = key;
    this.name = name;
  }
}

/**
 * The slots of all keys that were written, and of some that were read. The latest are told apart by identity: rules ask for the same
 * entries again and again, with the same key objects, and to look through this list costs less than to make text of a key and to look
 * that up. Right as long as nobody writes into a key.
 */
export class Slots {
  readonly #byName = new Map<string, Slot>();
  readonly #keys: (Uint8Array | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  readonly #slots: (Slot | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  /** Whether somebody asked again since all others had their turn: then a place is not given to another key yet. */
  readonly #isUsed: boolean[] = new Array<boolean>(PLACES).fill(false);
  #next = 0;
  #limit = MAX_READ;

  of(key: Uint8Array): Slot {
    const place = this.#keys.indexOf(key);
    const known = place < 0 ? undefined : this.#slots[place];
    if (known === undefined) return this.#remember(key);
    this.#isUsed[place] = true;
    return known;
  }

  named(name: string): Slot | undefined {
    return this.#byName.get(name);
  }

  /** Those of keys that were written, in no particular order. */
  pending(): Slot[] {
    return [...this.#byName.values()].filter((slot) => slot.isPending);
  }

  #remember(key: Uint8Array): Slot {
    const name = toKey(key);
    const slot = this.#byName.get(name) ?? this.#add(key, name);
    for (; this.#isUsed[this.#next] === true; this.#next = (this.#next + 1) % PLACES) {
      this.#isUsed[this.#next] = false;
    }
    this.#keys[this.#next] = key;
    this.#slots[this.#next] = slot;
    this.#next = (this.#next + 1) % PLACES;
    return slot;
  }

  #add(key: Uint8Array, name: string): Slot {
    if (this.#byName.size >= this.#limit) this.#forgetRead();
    const slot = new Slot(key, name);
    this.#byName.set(name, slot);
    return slot;
  }

  #forgetRead(): void {
    for (const [name, slot] of this.#byName) if (!slot.isPending) this.#byName.delete(name);
    this.#limit = 2 * this.#byName.size + MAX_READ;
    this.#keys.fill(undefined);
  }
}
