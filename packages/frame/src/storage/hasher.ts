import { prependBlake2b128, twox64 } from '@hamster/crypto';
import type { Type } from '@hamster/scale';
import { Recent } from './recent.ts';

export type HasherName = 'Blake2128Concat' | 'Twox64Concat' | 'Identity';

/**
 * Remembers what was computed for a key: a call reads and writes the same account again and again, and the hash
 * costs more than all the rest.
 */
export const remembering = <K>(compute: (key: K) => Uint8Array): ((key: K) => Uint8Array) => {
  const known = new Recent<Uint8Array>();
  return (key) => known.get(key, compute);
};

/** How a map's key becomes a part of the state's key. All three keep the key readable, so that maps can be listed. */
export interface MapKey<K> {
  readonly hasher: HasherName;
  readonly type: Type<K>;
  /** Length of the hash. */
  readonly hashSize: number;
  /** Writes the hash of the encoded key, which is all from `from` on, in front of it. */
  prependHash(bytes: Uint8Array, from: number): void;
}

/** For keys that users choose: nobody can make the trie lopsided. */
export const blake2_128Concat = <K>(type: Type<K>): MapKey<K> => ({
  hasher: 'Blake2128Concat',
  type,
  hashSize: 16,
  prependHash: prependBlake2b128,
});

/** Cheaper; only for keys that the chain itself chooses. */
export const twox64Concat = <K>(type: Type<K>): MapKey<K> => ({
  hasher: 'Twox64Concat',
  type,
  hashSize: 8,
  prependHash: (bytes, from) => bytes.set(twox64(bytes.slice(from)), from - 8),
});

/** No hash: the state keeps the order of the encoded keys. */
export const identity = <K>(type: Type<K>): MapKey<K> => ({
  hasher: 'Identity',
  type,
  hashSize: 0,
  prependHash: () => undefined,
});
