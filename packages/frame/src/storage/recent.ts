/** A transaction touches its sender, its receiver and a pot or two. */
const PLACES = 8;

/**
 * What was computed for the latest few objects, told apart by identity: a call reads and writes the same entries again and
 * again. Right because nothing here is changed once it is made. A list that is walked is quicker than any map of
 * objects, and leaves nothing for the garbage collector to look after.
 */
export class Recent<V> {
  readonly #objects: (object | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  readonly #values: (V | undefined)[] = new Array<undefined>(PLACES).fill(undefined);
  #next = 0;

  get<K extends object>(object: K, compute: (object: K) => V): V {
    for (let place = 0; place < PLACES; place++) {
      if (this.#objects[place] === object) return this.#values[place] as V;
    }
    const value = compute(object);
    this.set(object, value);
    return value;
  }

  set(object: object, value: V): void {
    this.#objects[this.#next] = object;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % PLACES;
  }
}
