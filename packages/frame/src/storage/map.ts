import { Reader, type Type, Writer } from '@hamster/scale';
import { concatBytes, startsWith } from '../bytes.ts';
import type { StateReader } from '../state.ts';
import { type MapKey, remembering } from './hasher.ts';
import {
  cellOf,
  describeItem,
  type ItemOptions,
  type Readable,
  type StorageItem,
  type Writable,
} from './item.ts';

/** Values by key. `Q` is what a read gives: `T`, or `T | undefined` for a map without default. */
export interface StorageMap<K, T, Q> extends StorageItem {
  /** The state's key of an entry. */
  keyOf(key: K): Uint8Array;
  get(at: Readable, key: K): Q;
  has(at: Readable, key: K): boolean;
  put(at: Writable, key: K, value: T): void;
  remove(at: Writable, key: K): void;
  /** Writes what `change` makes of the present value, and gives it back. */
  update(at: Writable, key: K, change: (value: Q) => T): T;
  /** In the order of the state's keys; entries may be removed on the way. Unbounded: not for calls and hooks. */
  entries(at: Readable): Iterable<[key: K, value: T]>;
}

export interface MapOptions<K, T> extends ItemOptions<T> {
  readonly key: MapKey<K>;
}

/** Steps key by key, beginning behind `after`, so that what runs in between may write. */
export function* keysUnder(
  state: StateReader,
  prefix: Uint8Array,
  after: Uint8Array = prefix,
): Iterable<Uint8Array> {
  let key = state.nextKey(after);
  while (key !== undefined && startsWith(key, prefix)) {
    yield key;
    key = state.nextKey(key);
  }
}

export const decodeKeyPart = <K>(reader: Reader, key: MapKey<K>): K => {
  reader.raw(key.hashSize);
  return key.type.decodeFrom(reader);
};

/** Decodes every entry under a prefix, behind `after`; the key's part behind the prefix is given to `toKey`. */
export function* entriesUnder<K, T>(
  at: Readable,
  prefix: Uint8Array,
  type: Type<T>,
  toKey: (reader: Reader) => K,
  after?: Uint8Array,
): Iterable<[K, T]> {
  for (const key of keysUnder(at.state, prefix, after)) {
    const stored = at.state.get(key);
    if (stored) yield [toKey(new Reader(key.subarray(prefix.length))), type.decode(stored)];
  }
}

export const storageMap = <K, T, Q>(
  pallet: string,
  name: string,
  options: MapOptions<K, T>,
): StorageMap<K, T, Q> => {
  const description = describeItem(pallet, name, options, [options.key]);
  const cell = cellOf(options);
  const { prefix } = description;
  const beforeKey = concatBytes(prefix, new Uint8Array(options.key.hashSize));
  const writer = new Writer();
  const keyOf = remembering((key: K) => {
    writer.clear();
    writer.raw(beforeKey);
    options.key.type.encodeInto(writer, key);
    // Nobody else has it yet: the hash may still be written into it.
    const joined = writer.finish();
    options.key.prependHash(joined, beforeKey.length);
    return joined;
  });
  const get = (at: Readable, key: K): Q => cell.read(at, keyOf(key)) as Q;
  const put = (at: Writable, key: K, value: T): void => cell.write(at, keyOf(key), value);
  return {
    ...description,
    keyOf,
    get,
    put,
    has: (at, key) => at.state.get(keyOf(key)) !== undefined,
    remove: (at, key) => at.state.delete(keyOf(key)),
    update(at, key, change) {
      const value = change(get(at, key));
      put(at, key, value);
      return value;
    },
    entries: (at) => entriesUnder(at, prefix, options.type, (reader) => decodeKeyPart(reader, options.key)),
  };
};
