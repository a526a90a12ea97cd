import type { Codec } from '@polkadot/types/types';
import { Option } from '#polkadot/types';
import type { StorageKey } from '@polkadot/types';
import { storage } from '../connection/decorated.ts';
import { ChainError } from '../errors.ts';
import type { Reading } from '../connection/reading.ts';
import { count } from '../codec/readers.ts';
import type { Reader } from '../codec/readers.ts';
import type { Patience } from '../signals.ts';

/** One request asks for at most so many entries. */
const BATCH = 256;

/** A storage map with one key whose values are options. */
export interface MapOf<T> {
  readonly pallet: string;
  readonly item: string;
  readonly read: (codec: Codec) => T;
}

export async function one<T>(
  reading: Reading,
  map: MapOf<T>,
  key: unknown,
  patience: Patience,
): Promise<T | undefined> {
  return reading.read(
    `Reading ${map.pallet}.${map.item}`,
    async (api) => some(await storage(api, map.pallet, map.item)(key), map.read),
    patience,
  );
}

/** The values at several keys, in their order, without those that are gone. */
export async function many<K, T>(
  reading: Reading,
  map: MapOf<T>,
  keys: readonly K[],
  patience: Patience,
): Promise<[key: K, value: T][]> {
  const found: [K, T][] = [];
  for (let from = 0; from < keys.length; from += BATCH) {
    const batch = keys.slice(from, from + BATCH);
    const values = await reading.read(
      `Reading ${map.pallet}.${map.item}`,
      (api) => storage(api, map.pallet, map.item).multi([...batch]),
      patience,
    );
    batch.forEach((key, i) => {
      const value = some(values[i], map.read);
      if (value !== undefined) found.push([key, value]);
    });
  }
  return found;
}

/** All entries, with the decoded key. */
export async function all<K, T>(
  reading: Reading,
  map: MapOf<T>,
  readKey: Reader<K>,
  patience: Patience,
): Promise<[key: K, value: T][]> {
  const entries = await reading.read(
    `Reading ${map.pallet}.${map.item}`,
    (api) => storage(api, map.pallet, map.item).entries(),
    patience,
  );
  return entries.flatMap(([key, codec]) => {
    const value = some(codec, map.read);
    return value === undefined ? [] : [[keyPart(key, 0, readKey), value] as [K, T]];
  });
}

/** The ids in an index from account and id, in order. */
export async function idsOf(
  reading: Reading,
  pallet: string,
  item: string,
  account: string,
  patience: Patience,
): Promise<number[]> {
  const keys = await reading.read(
    `Reading ${pallet}.${item}`,
    (api) => storage(api, pallet, item).keys(account),
    patience,
  );
  return keys.map((key) => keyPart(key, 1, count)).sort((a, b) => a - b);
}

/** A single value, or a map's value that has a default. */
export async function plainValue<T>(
  reading: Reading,
  pallet: string,
  item: string,
  read: (codec: Codec) => T,
  patience: Patience,
  ...keys: unknown[]
): Promise<T> {
  return reading.read(
    `Reading ${pallet}.${item}`,
    async (api) => read(await storage(api, pallet, item)(...keys)),
    patience,
  );
}

/** The value of an option, or of a storage item that is never absent. */
export function some<T>(codec: Codec | undefined, read: (codec: Codec) => T): T | undefined {
  if (codec === undefined) return undefined;
  if (codec instanceof Option) return codec.isSome ? read(codec.unwrap() as Codec) : undefined;
  return read(codec);
}

function keyPart<T>(key: StorageKey, index: number, read: Reader<T>): T {
  const part = key.args[index];
  if (part) return read(part);
  throw new ChainError('UNEXPECTED_SHAPE', `The storage key ${key.toHex()} has no part ${index}.`, {
    fault: 'bug',
  });
}
