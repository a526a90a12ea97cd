import { toKey } from '../bytes.ts';

/** A transaction touches its accounts, and a handful of values that every one touches. */
const PLACES = 16;

/**
 * The latest keys as text, told apart by identity: rules ask for the same entries again and again, with the same key objects.
 * Making the text costs more than looking through this list, and text that is used again has its hash already. Right as long as
 * nobody writes into a key.
 */
export class RecentNames {
  readonly #keys: (Uint8Array | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  readonly #names: string[] = new Array<string>(PLACES).fill('');
  #next = 0;

  of(key: Uint8Array): string {
    const place = this.#keys.indexOf(key);
    const known = place < 0 ? undefined : this.#names[place];
    return known ?? this.#add(key);
  }

  #add(key: Uint8Array): string {
    const name = toKey(key);
    this.#keys[this.#next] = key;
    this.#names[this.#next] = name;
    this.#next = (this.#next + 1) % PLACES;
    return name;
  }
}
