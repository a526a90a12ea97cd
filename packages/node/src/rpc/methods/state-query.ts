import { toHex } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import type { Backend } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import { hexOrNull, stateAt, whileKept } from '../blocks.ts';
import type { RpcLimits } from '../context.ts';
import { countTooHigh, invalidBlockRange, type RpcError, unknownHeader } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';
import { bytes, hash, list, optional } from '../protocol/params.ts';
import type { Steps } from '../protocol/steps.ts';

type Change = [key: string, value: string | null];

interface ChangeSet {
  readonly block: Hash;
  readonly changes: Change[];
}

const MAX_KEYS = 100_000;
const KEYS = list(bytes('keys'), MAX_KEYS);

/** As the range of that block alone: a key that is named twice is told once, and of no keys nothing is told. */
export const state_queryStorageAt = method(
  [KEYS, optional(hash('at'))],
  ({ backend, limits, inSteps }, keys, at) => {
    const names = namesOf(keys, limits);
    return inSteps(changesOf(backend, blockRange(backend, { from: at, to: at, max: 1 }), names));
  },
);

/** All keys as of `from`, then what changed, block by block, up to `to` (the best block without it). */
export const state_queryStorage = unsafe(
  method([KEYS, hash('block'), optional(hash('hash'))], ({ backend, limits, inSteps }, keys, from, to) => {
    const names = namesOf(keys, limits);
    return inSteps(changesOf(backend, blockRange(backend, { from, to, max: limits.blockRange }), names));
  }),
);

/** In hex, each once. */
function namesOf(keys: readonly Uint8Array[], limits: RpcLimits): ReadonlyMap<string, Uint8Array> {
  if (keys.length > limits.keysPerCall) throw countTooHigh(keys.length, limits.keysPerCall);
  return new Map(keys.map((key) => [toHex(key), key]));
}

/** Stops behind each value. */
function* changesOf(
  backend: Backend,
  blocks: readonly Hash[],
  keys: ReadonlyMap<string, Uint8Array>,
): Steps<ChangeSet[]> {
  const sets: ChangeSet[] = [];
  const last = new Map<string, string | null>();
  for (const block of blocks) {
    const { state } = stateAt(backend, block);
    const changes = yield* whileKept(block, changesAt(state, keys, last));
    if (changes.length > 0) sets.push({ block, changes });
  }
  return sets;
}

function* changesAt(
  state: StateReader,
  keys: ReadonlyMap<string, Uint8Array>,
  last: Map<string, string | null>,
): Steps<Change[]> {
  const changes: Change[] = [];
  for (const [name, key] of keys) {
    const value = hexOrNull(state.get(key));
    if (last.get(name) === value) {
      yield 0;
      continue;
    }
    last.set(name, value);
    changes.push([name, value]);
    yield name.length + (value?.length ?? 0);
  }
  return changes;
}

interface Range {
  readonly from: Hash | undefined;
  readonly to: Hash | undefined;
  readonly max: number;
}

/** Hashes from `from` to `to` (the best block without them), found by walking back over the parents. Throws `RpcError` 4001. */
function blockRange(backend: Backend, { from: first, to: last, max }: Range): Hash[] {
  const [from = backend.best().hash, to = backend.best().hash] = [first, last];
  const known = (hash: Hash) => {
    const header = backend.header(hash);
    if (header) return { ...header, name: `${header.number} (${hash})` };
    throw invalidBlockRange(from, `Some(${to})`, unknownHeader(hash));
  };
  const [start, end] = [known(from), known(to)];
  const refuse = (why: string): RpcError => invalidBlockRange(start.name, end.name, why);
  const length = end.number - start.number + 1;
  if (length < 1) throw refuse('from number > to number');
  if (length > max) throw refuse(`it is longer than ${max} blocks`);
  const blocks: Hash[] = [to];
  for (let { parentHash } = end; blocks.length < length;) {
    blocks.push(parentHash);
    parentHash = backend.header(parentHash)?.parentHash ?? parentHash;
  }
  if (blocks.at(-1) !== from) throw refuse('from and to are on different forks');
  return blocks.reverse();
}
