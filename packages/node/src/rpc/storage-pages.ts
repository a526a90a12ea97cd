import { blake2b256, toHex } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';

export const STORAGE_QUERY_TYPES = [
  'value',
  'hash',
  'closestDescendantMerkleValue',
  'descendantsValues',
  'descendantsHashes',
] as const;

export interface StorageQuery {
  readonly key: Uint8Array;
  readonly type: (typeof STORAGE_QUERY_TYPES)[number];
  /** Iteration goes on strictly behind this key (`descendants…` only). */
  readonly paginationStartKey?: Uint8Array | undefined;
}

/** One entry of a result, as it is written on the wire. */
export type StorageItem =
  | { readonly key: string; readonly value: string }
  | { readonly key: string; readonly hash: string }
  | { readonly key: string; readonly closestDescendantMerkleValue: string };

export interface StorageSource {
  readonly state: StateReader;
  merkleValue(key: Uint8Array): Uint8Array | undefined;
}

export interface PageLimits {
  readonly items: number;
  readonly bytes: number;
}

export interface StoragePage {
  readonly items: readonly StorageItem[];
  /** Of keys and values together. */
  readonly bytes: number;
  /** More pages may follow, and the client may be made to ask for them. */
  readonly pausable: boolean;
}

/**
 * Results of storage queries, page by page. No cursor stays open between two pages, so that a client which takes its
 * time holds nothing of the database.
 */
export function* storagePages(
  source: StorageSource,
  queries: readonly StorageQuery[],
  limits: PageLimits,
): Generator<StoragePage> {
  for (const query of queries) {
    if (isDescendants(query)) yield* descendantPages(source, query, limits);
    else yield pageOf(single(source, query));
  }
}

export const isDescendants = ({ type }: StorageQuery): boolean =>
  type === 'descendantsValues' || type === 'descendantsHashes';

const pageOf = (items: readonly StorageItem[]): StoragePage => ({
  items,
  bytes: items.reduce(
    (sum, { key, ...found }) => sum + (key.length + ('value' in found ? found.value.length : 0)) / 2,
    0,
  ),
  pausable: false,
});

function single({ state, merkleValue }: StorageSource, { key, type }: StorageQuery): StorageItem[] {
  if (type === 'closestDescendantMerkleValue') {
    const merkle = merkleValue(key);
    return merkle ? [{ key: toHex(key), closestDescendantMerkleValue: toHex(merkle) }] : [];
  }
  const value = state.get(key);
  return value ? [entry(key, value, type === 'hash')] : [];
}

function* descendantPages(
  { state }: StorageSource,
  query: StorageQuery,
  limits: PageLimits,
): Generator<StoragePage> {
  let last = query.paginationStartKey;
  for (;;) {
    const page = readPage(state, query, last, limits);
    if (page.items.length > 0) yield { items: page.items, bytes: page.bytes, pausable: true };
    if (page.done) return;
    last = page.last;
  }
}

interface RawPage {
  readonly items: StorageItem[];
  readonly bytes: number;
  readonly last: Uint8Array | undefined;
  readonly done: boolean;
}

function readPage(
  state: StateReader,
  query: StorageQuery,
  startAfter: Uint8Array | undefined,
  limits: PageLimits,
): RawPage {
  const items: StorageItem[] = [];
  let bytes = 0;
  for (const key of state.keys(query.key, startAfter)) {
    const value = state.get(key);
    if (!value) continue;
    items.push(entry(key, value, query.type === 'descendantsHashes'));
    bytes += key.length + value.length;
    if (items.length >= limits.items || bytes >= limits.bytes)
      return { items, bytes, last: key, done: false };
  }
  return { items, bytes, last: undefined, done: true };
}

function entry(key: Uint8Array, value: Uint8Array, hashed: boolean): StorageItem {
  return hashed
    ? { key: toHex(key), hash: toHex(blake2b256(value)) }
    : { key: toHex(key), value: toHex(value) };
}
