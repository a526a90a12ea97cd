import {
  cellOf,
  describeItem,
  type ItemOptions,
  type Readable,
  type StorageItem,
  type Writable,
} from './item.ts';

/** A single value. `Q` is what a read gives: `T`, or `T | undefined` for an item without default. */
export interface StorageValue<T, Q> extends StorageItem {
  get(at: Readable): Q;
  exists(at: Readable): boolean;
  put(at: Writable, value: T): void;
  remove(at: Writable): void;
  /** Writes what `change` makes of the present value, and gives it back. */
  update(at: Writable, change: (value: Q) => T): T;
}

export const storageValue = <T, Q>(
  pallet: string,
  name: string,
  options: ItemOptions<T>,
): StorageValue<T, Q> => {
  const description = describeItem(pallet, name, options, []);
  const key = description.prefix;
  const cell = cellOf(options);
  const get = (at: Readable): Q => cell.read(at, key) as Q;
  const put = (at: Writable, value: T): void => cell.write(at, key, value);
  return {
    ...description,
    get,
    put,
    exists: (at) => at.state.get(key) !== undefined,
    remove: (at) => at.state.delete(key),
    update(at, change) {
      const value = change(get(at));
      put(at, value);
      return value;
    },
  };
};
