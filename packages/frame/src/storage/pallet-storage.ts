import { type DoubleMapOptions, storageDoubleMap, type StorageDoubleMap } from './double-map.ts';
import type { ItemOptions } from './item.ts';
import { type MapOptions, storageMap, type StorageMap } from './map.ts';
import { storageValue, type StorageValue } from './value.ts';

type Defaulted<T> = { readonly default: NoInfer<T> };
type Undefaulted = { readonly default?: undefined };

export interface PalletStorage {
  value<T>(name: string, options: Omit<ItemOptions<T>, 'default'> & Defaulted<T>): StorageValue<T, T>;
  value<T>(
    name: string,
    options: Omit<ItemOptions<T>, 'default'> & Undefaulted,
  ): StorageValue<T, T | undefined>;

  map<K, T>(name: string, options: Omit<MapOptions<K, T>, 'default'> & Defaulted<T>): StorageMap<K, T, T>;
  map<K, T>(
    name: string,
    options: Omit<MapOptions<K, T>, 'default'> & Undefaulted,
  ): StorageMap<K, T, T | undefined>;

  doubleMap<A, B, T>(
    name: string,
    options: Omit<DoubleMapOptions<A, B, T>, 'default'> & Defaulted<T>,
  ): StorageDoubleMap<A, B, T, T>;
  doubleMap<A, B, T>(
    name: string,
    options: Omit<DoubleMapOptions<A, B, T>, 'default'> & Undefaulted,
  ): StorageDoubleMap<A, B, T, T | undefined>;
}

/**
 * Makes the storage items of one pallet, as constants:
 * `const { value, map } = palletStorage('Shop'); export const Till = value('Till', { type: u128, default: 0n })`.
 */
export const palletStorage = (pallet: string): PalletStorage => ({
  value: <T, Q>(name: string, options: ItemOptions<T>) => storageValue<T, Q>(pallet, name, options),
  map: <K, T, Q>(name: string, options: MapOptions<K, T>) => storageMap<K, T, Q>(pallet, name, options),
  doubleMap: <A, B, T, Q>(name: string, options: DoubleMapOptions<A, B, T>) =>
    storageDoubleMap<A, B, T, Q>(pallet, name, options),
});
