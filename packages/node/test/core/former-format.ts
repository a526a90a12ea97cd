import { EMPTY_ROOT, StateDb, type Change } from '@hamster/state';
import type { StateReader } from '@hamster/frame';
import { bytes, fieldsCodec, fixedBytes, tuple, u32, vec } from '@hamster/scale';
import type { RootDatabase } from 'lmdb';
import { hashBytes } from '../../src/hash.ts';
import { BlockStore } from '../../src/storage/block-store.ts';
import { openEnvironment } from '../../src/storage/database.ts';

const counted = vec(tuple(fixedBytes(32), u32));
const ENTRY = fieldsCodec({
  parentHash: fixedBytes(32),
  root: fixedBytes(32),
  inserted: counted,
  removed: counted,
  keys: vec(bytes),
});

/** As much of today's journal as leads to the keys that a block wrote. */
const HISTORY = fieldsCodec({
  hashes: fixedBytes(32 + 32),
  place: fixedBytes(6),
  parentRoot: fixedBytes(32),
  parentPlace: fixedBytes(6),
  inserted: fixedBytes(6 + 4),
  removed: vec(fixedBytes(6)),
  keys: vec(bytes),
});

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
const ONCE = Buffer.from([1, 0, 0, 0]);

interface Kept {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly parentHash: Uint8Array;
  readonly root: Uint8Array;
}

/**
 * Stores the states of a chain as releases of format 1 did, so that a database of any size can be had of it: all of its states have
 * to be kept. What a node counts is not made up for, since nothing reads it any more.
 */
export async function toFormat1(folder: string): Promise<void> {
  const env = openEnvironment(folder);
  const kept = keptBlocks(env);
  env.transactionSync(() => {
    const state = new StateDb({ env });
    const nodes = env.openDB({ name: 'state-nodes', ...binary });
    const journal = env.openDB({ name: 'state-journal', ...binary });
    const history = env.openDB({ name: 'state-history', ...binary });
    let parent: Kept | undefined;
    for (const block of kept) {
      const entry = history.get(keyOf(block));
      const keys = entry && HISTORY.decode(Uint8Array.from(entry)).keys;
      const changes = changesOf(state.at(block.root), keys);
      const { inserted } = state.prepare(parent?.root ?? EMPTY_ROOT, changes);
      for (const { hash, bytes: encoded } of inserted) nodes.putSync(hash, Buffer.concat([ONCE, encoded]));
      if (parent) journal.putSync(keyOf(block), Buffer.from(entryOf(block, changes, inserted)));
      parent = block;
    }
    for (const name of ['state-trie', 'state-roots', 'state-history']) {
      env.openDB({ name, ...binary }).clearSync();
    }
    env.openDB({ name: 'state-pruning', encoding: 'msgpack' }).removeSync('base');
    env.putSync('format', 1);
  });
  await env.close();
}

export async function formatOf(folder: string): Promise<unknown> {
  const env = openEnvironment(folder);
  const format: unknown = env.get('format');
  await env.close();
  return format;
}

function keptBlocks(env: RootDatabase): Kept[] {
  const blocks = new BlockStore(env);
  const kept: Kept[] = [];
  for (let number = 0; ; number++) {
    const hash = blocks.hashAt(number);
    const header = hash && blocks.header(hash);
    if (!header) return kept;
    const [parentHash, root] = [hashBytes(header.parentHash), hashBytes(header.stateRoot)];
    kept.push({ number, hash: hashBytes(hash), parentHash, root });
  }
}

/** What a block wrote, of the first one all that there is. */
function changesOf(state: StateReader | undefined, keys?: Iterable<Uint8Array>): Change[] {
  if (!state) throw new RangeError('A state is not kept');
  return [...(keys ?? state.keys(new Uint8Array()))].map((key) => [key, state.get(key)]);
}

function entryOf(
  { parentHash, root }: Kept,
  changes: readonly Change[],
  added: readonly { readonly hash: Uint8Array }[],
): Uint8Array {
  const inserted = added.map(({ hash }) => [hash, 1] as const);
  return ENTRY.encode({ parentHash, root, inserted, removed: [], keys: changes.map(([key]) => key) });
}

function keyOf({ number, hash }: Kept): Buffer {
  const key = Buffer.alloc(4 + hash.length);
  key.writeUInt32BE(number);
  key.set(hash, 4);
  return key;
}
