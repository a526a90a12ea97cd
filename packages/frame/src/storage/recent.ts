/** A transaction touches its sender, its receiver and a pot or two. */
const PLACES = 8;
/** No key that anybody asks for. */
const NOTHING = Symbol('nothing');

/**
 * What was computed for the latest few keys, objects told apart by identity: a call reads and writes the same entries again and
 * again. Right because nothing here is changed once it is made. A list that is walked is quicker than any map of
 * objects, and leaves nothing for the garbage collector to look after.
 */
export class Recent<V> {
  readonly #keys: unknown[] = new Array<unknown>(PLACES).fill(NOTHING);
  readonly #values: (V | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  /** Whether somebody asked again since all others had their turn: then a place is not given to another key yet. */
  readonly #isUsed: boolean[] = new Array<boolean>(PLACES).fill(false);
  #next = 0;

  get<K>(key: K, compute: (key: K) => V): V {
    for (let place = 0; place < PLACES; place++) {
      if (this.#keys[place] !== key) continue;
      this.#isUsed[place] = true;
      return this.#values[place] as V;
    }
    const value = compute(key);
    this.#remember(key, value);
    return value;
  }

  #remember(key: unknown, value: V): void {
    for (; this.#isUsed[this.#next] === true; this.#next = (this.#next + 1) % PLACES) {
      this.#isUsed[this.#next] = false;
    }
    this.#keys[this.#next] = key;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % PLACES;
  }
}
