import { HASH_LENGTH, merkleValue, placed, WIDTH, type ChildRef, type Place, type Stored } from './node.ts';
import { copied, memory } from './memory.ts';
import { PLACE_BYTES, placeAt, putPlace } from './places.ts';

/** The length of a hash as SCALE has it. Whatever a branch holds of a child has one byte for its length. */
const HASHED = HASH_LENGTH << 2;
/** What a branch holds of a stored child; a shorter node has less. */
const STORED_LENGTH = 1 + HASH_LENGTH;

/**
 * The children of a branch as the store has them: what the branch's encoding says of each, one after the other, and apart from that the
 * places of those that are stored. Only a child that somebody asks for becomes an object: a branch has up to sixteen, and most
 * that are changed are changed on one way. Never changed.
 */
export class Children {
  /** A bit for each nibble. */
  readonly bitmap: number;
  readonly encoded: Uint8Array;
  readonly places: Uint8Array;

  /** `encoded` is what `extent` found. */
  constructor(bitmap: number, encoded: Uint8Array, places: Uint8Array) {
    this.bitmap = bitmap;
    this.encoded = encoded;
    this.places = places;
  }

  /** By nibbles. Undefined when there are none. */
  static of(refs: readonly (ChildRef | null | undefined)[]): Children | undefined {
    const present = refs.filter((ref) => ref !== undefined && ref !== null);
    if (present.length === 0) return undefined;
    const stored = present.filter(isStored);
    const encoded = memory(present.reduce((length, ref) => length + 1 + merkleValue(ref).length, 0));
    const places = memory(stored.length * PLACE_BYTES);
    let at = 0;
    for (const ref of present) {
      const value = merkleValue(ref);
      encoded[at] = value.length << 2;
      encoded.set(value, at + 1);
      at += 1 + value.length;
    }
    for (const [index, ref] of stored.entries()) putPlace(places, index * PLACE_BYTES, ref.place);
    return new Children(bitmapOf(refs), encoded, places);
  }

  at(nibble: number): ChildRef | undefined {
    if (!this.has(nibble)) return undefined;
    const before = this.bitmap & ((1 << nibble) - 1);
    if (this.encoded.length === STORED_LENGTH * bitCount(this.bitmap)) return this.#stored(bitCount(before));
    const { start, stored } = this.#find(before);
    const length = this.#lengthAt(start);
    if (length !== HASH_LENGTH) return this.encoded.slice(start + 1, start + 1 + length);
    return new StoredChild(this.encoded, start + 1, placeAt(this.places, stored * PLACE_BYTES));
  }

  has(nibble: number): boolean {
    return (this.bitmap & (1 << nibble)) !== 0;
  }

  /** All of them, by nibbles. */
  list(): (ChildRef | undefined)[] {
    return Array.from({ length: WIDTH }, (_, nibble) => this.at(nibble));
  }

  /** With others where `changed` has some, and none where it has null. Undefined when none is left. */
  with(changed: readonly (ChildRef | null | undefined)[]): Children | undefined {
    return (
      this.#patched(changed) ?? Children.of(this.list().map((ref, nibble) => this.#now(ref, changed[nibble])))
    );
  }

  /** At the places that they have once the first of what comes with them is at `first`. */
  placed(first: Place): Children {
    const places = copied(this.places);
    for (let at = 0; at < places.length; at += PLACE_BYTES) {
      const place = placeAt(places, at);
      if (place < 0) putPlace(places, at, placed(place, first));
    }
    return new Children(this.bitmap, this.encoded, places);
  }

  /** The same in memory of its own: nothing else is kept with it. */
  copy(): Children {
    return new Children(this.bitmap, copied(this.encoded), copied(this.places));
  }

  #now(ref: ChildRef | undefined, changed: ChildRef | null | undefined): ChildRef | null | undefined {
    return changed === undefined ? ref : changed;
  }

  /** Where all that changes were stored nodes and are again, as nearly always: undefined elsewhere. */
  #patched(changed: readonly (ChildRef | null | undefined)[]): Children | undefined {
    const encoded = copied(this.encoded);
    const places = copied(this.places);
    let start = 0;
    let stored = 0;
    for (let nibble = 0; nibble < WIDTH; nibble++) {
      const change = changed[nibble];
      const isThere = this.has(nibble);
      const wasStored = isThere && encoded[start] === HASHED;
      if (change !== undefined) {
        if (!wasStored || change === null || change instanceof Uint8Array) return undefined;
        encoded.set(change.hash, start + 1);
        putPlace(places, stored * PLACE_BYTES, change.place);
      }
      if (isThere) start += 1 + this.#lengthAt(start);
      if (wasStored) stored += 1;
    }
    return new Children(this.bitmap, encoded, places);
  }

  /** The child behind so many, where all are stored: nothing else has that length. */
  #stored(index: number): StoredChild {
    return new StoredChild(
      this.encoded,
      index * STORED_LENGTH + 1,
      placeAt(this.places, index * PLACE_BYTES),
    );
  }

  /** Where in `encoded` the child behind those with these bits begins, and how many stored ones come before it. */
  #find(bitsBefore: number): { readonly start: number; readonly stored: number } {
    let start = 0;
    let stored = 0;
    for (let left = bitsBefore; left !== 0; left &= left - 1) {
      if (this.encoded[start] === HASHED) stored += 1;
      start += 1 + this.#lengthAt(start);
    }
    return { start, stored };
  }

  #lengthAt(start: number): number {
    return (this.encoded[start] ?? 0) >> 2;
  }
}

/** A child that is stored. Who goes on to the next node asks for its place alone: the hash is copied for whoever wants it. */
class StoredChild implements Stored {
  readonly place: Place;
  readonly #encoded: Uint8Array;
  readonly #start: number;

  constructor(encoded: Uint8Array, start: number, place: Place) {
    this.place = place;
    this.#encoded = encoded;
    this.#start = start;
  }

  get hash(): Uint8Array {
    return this.#encoded.slice(this.#start, this.#start + HASH_LENGTH);
  }
}

/** How many bytes the children with these bits take from `start` on, and how many of them are stored. Undefined where that is no branch. */
export function extent(
  bytes: Uint8Array,
  start: number,
  bitmap: number,
): { readonly length: number; readonly stored: number } | undefined {
  let at = start;
  let stored = 0;
  for (let left = bitmap; left !== 0; left &= left - 1) {
    const length = bytes[at];
    if (length === undefined || length > HASHED || (length & 3) !== 0) return undefined;
    if (length === HASHED) stored += 1;
    at += 1 + (length >> 2);
  }
  return { length: at - start, stored };
}

/** Of sixteen bits, those of two, four, eight and sixteen together. */
function bitCount(bits: number): number {
  const twos = bits - ((bits >> 1) & 0x5555);
  const fours = (twos & 0x3333) + ((twos >> 2) & 0x3333);
  const eights = (fours + (fours >> 4)) & 0x0f0f;
  return (eights + (eights >> 8)) & 0x1f;
}

const isStored = (ref: ChildRef): ref is Stored => !(ref instanceof Uint8Array);

function bitmapOf(refs: readonly (ChildRef | null | undefined)[]): number {
  let bits = 0;
  for (let nibble = 0; nibble < WIDTH; nibble++) if (refs[nibble]) bits |= 1 << nibble;
  return bits;
}
