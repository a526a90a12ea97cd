import { twox128 } from '@hamster/crypto';
import type { AnyType, Type } from '@hamster/scale';
import { concatBytes } from '../bytes.ts';
import type { StateAccess, StateReader } from '../state.ts';
import type { HasherName } from './hasher.ts';

/** A context, or anything else that has a state. */
export interface Readable {
  readonly state: StateReader;
}

export interface Writable {
  readonly state: StateAccess;
}

/** What metadata says about a storage item. */
export interface StorageItem {
  readonly pallet: string;
  readonly name: string;
  readonly docs: readonly string[];
  readonly hashers: readonly HasherName[];
  readonly keys: readonly AnyType[];
  readonly value: AnyType;
  /** Encoded default, or undefined where absence means absence. */
  readonly fallback: Uint8Array | undefined;
  /** First 32 bytes of the key of every entry. */
  readonly prefix: Uint8Array;
}

export interface ItemOptions<T> {
  readonly type: Type<T>;
  /** What `get` gives where nothing is stored. Without it `get` may give undefined. */
  readonly default?: T;
  readonly docs?: readonly string[];
}

export const storagePrefix = (pallet: string, name: string): Uint8Array => {
  const encoder = new TextEncoder();
  return concatBytes(twox128(encoder.encode(pallet)), twox128(encoder.encode(name)));
};

/** One place in the state that holds a value of one type. */
export interface Cell<T> {
  readonly read: (at: Readable, key: Uint8Array) => T | undefined;
  readonly write: (at: Writable, key: Uint8Array, value: T) => void;
}

export const cellOf = <T>({ type, default: fallback }: ItemOptions<T>): Cell<T> => ({
  read({ state }, key) {
    if (!state.stored) {
      const bytes = state.get(key);
      return bytes === undefined ? fallback : type.decode(bytes);
    }
    const stored = state.stored(key);
    return stored === undefined ? fallback : stored.as(type);
  },
  write({ state }, key, value) {
    if (state.putValue) state.putValue(key, type, value);
    else state.put(key, type.encode(value));
  },
});

export const describeItem = <T>(
  pallet: string,
  name: string,
  options: ItemOptions<T>,
  keys: readonly { readonly hasher: HasherName; readonly type: AnyType }[],
): StorageItem => ({
  pallet,
  name,
  docs: options.docs ?? [],
  hashers: keys.map((key) => key.hasher),
  keys: keys.map((key) => key.type),
  value: options.type,
  fallback: options.default === undefined ? undefined : options.type.encode(options.default),
  prefix: storagePrefix(pallet, name),
});
