import { blake2b256, fromHex, toHex } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { Slices } from '../slices.ts';
import { discardedState, unknownHeader } from './protocol/errors.ts';
import type { Steps } from './protocol/steps.ts';
import { union } from './sorted-union.ts';

export const DIFF_RETURN_TYPES = ['value', 'hash'] as const;

export interface DiffQuery {
  /** Only keys that begin with it; all of them without. */
  readonly key: Uint8Array | undefined;
  readonly returnType: (typeof DIFF_RETURN_TYPES)[number];
}

export interface DiffQuestion {
  readonly block: Hash;
  /** An ancestor of `block`; its parent when left out. */
  readonly previous: Hash | undefined;
  readonly queries: readonly DiffQuery[];
  /** Blocks that may lie between the two. */
  readonly maxBlocks: number;
}

/** One entry as it is written on the wire; what was deleted comes with what it was. */
export interface DiffItem {
  readonly key: string;
  readonly type: 'added' | 'modified' | 'deleted';
  readonly value?: string;
  readonly hash?: string;
}

export type StorageDiff =
  | { /** Undefined for a stop at which others may work. */ readonly items: Iterable<DiffItem | undefined> }
  | { /** Why there is none, for developers. */ readonly error: string };

/** How the state after `block` differs from that after `previous`, in the order of the keys; found with stops. */
export function* storageDiff(backend: Backend, question: DiffQuestion): Steps<StorageDiff> {
  const { block, queries } = question;
  const header = backend.header(block);
  if (!header) return { error: question.previous ? unknownHeader(block) : absentHeader(block) };
  if (header.number === 0) return { error: 'The first block has no parent to be compared with' };
  const previous = question.previous ?? header.parentHash;
  const keys = yield* changedKeys(backend, { ...question, previous });
  if ('error' in keys) return keys;
  const changed = yield* union(keys.changed);
  const [before, after] = [backend.stateAt(previous), backend.stateAt(block)];
  if (!before || !after) return { error: discardedState(before ? block : previous) };
  const wishes = queries.map(({ key, returnType }) => ({ prefix: key ? toHex(key) : '0x', returnType }));
  return { items: differences(changed, { before, after }, wishes) };
}

/** Rust displays a hash by both its ends. */
const absentHeader = (hash: Hash): string =>
  `Block header is not present: ${hash.slice(0, 6)}…${hash.slice(-4)}`;

type ChangedKeys = { readonly changed: readonly (readonly string[])[] } | { readonly error: string };

interface Range extends Pick<DiffQuestion, 'block' | 'maxBlocks'> {
  readonly previous: Hash;
}

/** In hex, in the order of the keys: what each of the blocks behind `previous` up to `block` wrote or deleted. Stops behind each block. */
function* changedKeys(backend: Backend, { block, previous, maxBlocks }: Range): Steps<ChangedKeys> {
  const end = backend.header(previous);
  if (!end) return { error: unknownHeader(previous) };
  const changed: string[][] = [];
  let hash = block;
  for (let walked = 0; hash !== previous; walked++) {
    const header = backend.header(hash);
    if (!header || header.number <= end.number) return { error: 'The previous block is not an ancestor' };
    if (walked >= maxBlocks) return { error: `Up to ${maxBlocks} blocks may lie between the two` };
    const keys = backend.changes(hash);
    if (!keys) return { error: discardedState(hash) };
    const names = keys.map((key) => toHex(key));
    changed.push(names);
    hash = header.parentHash;
    yield names.reduce((sum, { length }) => sum + length, 0);
  }
  return { changed };
}

interface Wish extends Pick<DiffQuery, 'returnType'> {
  /** In hex. */
  readonly prefix: string;
}

interface TwoStates {
  readonly before: StateReader;
  readonly after: StateReader;
}

function* differences(
  keys: readonly string[],
  states: TwoStates,
  wishes: readonly Wish[],
): Generator<DiffItem | undefined> {
  let slices = new Slices();
  for (const key of keys) {
    const wanted = new Set(
      wishes.filter(({ prefix }) => key.startsWith(prefix)).map((wish) => wish.returnType),
    );
    const item = wanted.size > 0 ? difference(key, states, wanted) : undefined;
    if (!item && !slices.isOver) continue;
    yield item;
    slices = new Slices();
  }
}

function difference(
  key: string,
  { before, after }: TwoStates,
  wanted: ReadonlySet<DiffQuery['returnType']>,
): DiffItem | undefined {
  const [old, now] = [before.get(fromHex(key)), after.get(fromHex(key))];
  const type = typeOf(old, now);
  const entry = now ?? old;
  if (!type || !entry) return undefined;
  return {
    key,
    ...(wanted.has('value') && { value: toHex(entry) }),
    ...(wanted.has('hash') && { hash: toHex(blake2b256(entry)) }),
    type,
  };
}

function typeOf(old: Uint8Array | undefined, now: Uint8Array | undefined): DiffItem['type'] | undefined {
  if (!old) return now && 'added';
  if (!now) return 'deleted';
  return Buffer.compare(old, now) === 0 ? undefined : 'modified';
}
