import { concatBytes } from '../bytes.ts';
import type { MapKey } from './hasher.ts';
import {
  cellOf,
  describeItem,
  type ItemOptions,
  type Readable,
  type StorageItem,
  type Writable,
} from './item.ts';
import { decodeKeyPart, entriesUnder } from './map.ts';

/** Values by two keys; those that share the first can be listed. */
export interface StorageDoubleMap<A, B, T, Q> extends StorageItem {
  keyOf(first: A, second: B): Uint8Array;
  get(at: Readable, first: A, second: B): Q;
  has(at: Readable, first: A, second: B): boolean;
  put(at: Writable, first: A, second: B, value: T): void;
  remove(at: Writable, first: A, second: B): void;
  /**
   * Entries that share the first key, in the order of the state's keys, behind the one (there or not) whose second key
   * is `after`. Unbounded: not for calls and hooks, unless something else bounds the number.
   */
  entriesOf(at: Readable, first: A, after?: B): Iterable<[second: B, value: T]>;
  entries(at: Readable): Iterable<[key: readonly [A, B], value: T]>;
}

export interface DoubleMapOptions<A, B, T> extends ItemOptions<T> {
  readonly keys: readonly [MapKey<A>, MapKey<B>];
}

const keyPart = <K>({ type, hashSize, prependHash }: MapKey<K>, key: K): Uint8Array => {
  const part = concatBytes(new Uint8Array(hashSize), type.encode(key));
  prependHash(part, hashSize);
  return part;
};

export const storageDoubleMap = <A, B, T, Q>(
  pallet: string,
  name: string,
  options: DoubleMapOptions<A, B, T>,
): StorageDoubleMap<A, B, T, Q> => {
  const [firstKey, secondKey] = options.keys;
  const description = describeItem(pallet, name, options, options.keys);
  const cell = cellOf(options);
  const prefixOf = (first: A): Uint8Array => concatBytes(description.prefix, keyPart(firstKey, first));
  const keyOf = (first: A, second: B): Uint8Array => concatBytes(prefixOf(first), keyPart(secondKey, second));
  return {
    ...description,
    keyOf,
    get: (at, first, second) => cell.read(at, keyOf(first, second)) as Q,
    has: (at, first, second) => at.state.get(keyOf(first, second)) !== undefined,
    put: (at, first, second, value) => cell.write(at, keyOf(first, second), value),
    remove: (at, first, second) => at.state.delete(keyOf(first, second)),
    entriesOf: (at, first, after) =>
      entriesUnder(
        at,
        prefixOf(first),
        options.type,
        (reader) => decodeKeyPart(reader, secondKey),
        after === undefined ? undefined : keyOf(first, after),
      ),
    entries: (at) =>
      entriesUnder(at, description.prefix, options.type, (reader) => {
        const first = decodeKeyPart(reader, firstKey);
        return [first, decodeKeyPart(reader, secondKey)] as const;
      }),
  };
};
