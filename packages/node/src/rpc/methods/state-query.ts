import { toHex } from '@hamster/crypto';
import type { Backend } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import { hexOrNull, stateAt } from '../blocks.ts';
import type { RpcLimits } from '../context.ts';
import { countTooHigh, invalidBlockRange, type RpcError, unknownHeader } from '../protocol/errors.ts';
import { method, unsafe } from '../protocol/method.ts';
import { bytes, hash, list, optional } from '../protocol/params.ts';

type Change = [key: string, value: string | null];

interface ChangeSet {
  readonly block: Hash;
  readonly changes: Change[];
}

const MAX_KEYS = 100_000;
const KEYS = list(bytes('keys'), MAX_KEYS);

export const state_queryStorageAt = method(
  [KEYS, optional(hash('at'))],
  ({ backend, limits }, keys, at): ChangeSet[] => {
    limitKeys(keys, limits);
    const [block = backend.best().hash] = blockRange(backend, { from: at, to: at, max: 1 });
    const { state } = stateAt(backend, block);
    return [{ block, changes: keys.map((key) => [toHex(key), hexOrNull(state.get(key))]) }];
  },
);

/** All keys as of `from`, then what changed, block by block, up to `to` (the best block without it). */
export const state_queryStorage = unsafe(
  method(
    [KEYS, hash('block'), optional(hash('hash'))],
    ({ backend, limits }, keys, from, to): ChangeSet[] => {
      limitKeys(keys, limits);
      const last = new Map<string, string | null>();
      return blockRange(backend, { from, to, max: limits.blockRange })
        .map((block) => ({ block, changes: changesAt(backend, block, keys, last) }))
        .filter(({ changes }) => changes.length > 0);
    },
  ),
);

function limitKeys(keys: readonly Uint8Array[], limits: RpcLimits): void {
  if (keys.length > limits.keysPerCall) throw countTooHigh(keys.length, limits.keysPerCall);
}

function changesAt(
  backend: Backend,
  block: Hash,
  keys: readonly Uint8Array[],
  last: Map<string, string | null>,
): Change[] {
  const { state } = stateAt(backend, block);
  const changes: Change[] = [];
  for (const key of keys) {
    const name = toHex(key);
    const value = hexOrNull(state.get(key));
    if (last.get(name) === value) continue;
    last.set(name, value);
    changes.push([name, value]);
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
