import { u16 } from '@hamster/scale';
import { cellOf, type Readable, storagePrefix, type Writable } from './storage/item.ts';

/** Where FRAME keeps the version of a pallet's storage; clients and tools look for it under this name. */
export const storageVersionKey = (pallet: string): Uint8Array =>
  storagePrefix(pallet, ':__STORAGE_VERSION__:');

const cell = cellOf({ type: u16, default: 0 });

/** In which shape a pallet's storage is: 0 until something else is written. */
export const StorageVersion = {
  get: (at: Readable, pallet: string): number => cell.read(at, storageVersionKey(pallet)) ?? 0,
  put: (at: Writable, pallet: string, version: number): void =>
    cell.write(at, storageVersionKey(pallet), version),
};
