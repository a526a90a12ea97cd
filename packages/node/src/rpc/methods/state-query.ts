import { toHex } from '@hamster/crypto';
import type { Backend } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import { blockAt, hexOrNull, stateAt } from '../blocks.ts';
import type { RpcLimits } from '../context.ts';
import { countTooHigh, ERROR_CODES, RpcError } from '../protocol/errors.ts';
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
    const { hash: block, state } = stateAt(backend, at);
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
      return blockRange(backend, { from, to: blockAt(backend, to), max: limits.blockRange })
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

/** Hashes from `from` to `to`, found by walking back over the parents. */
function blockRange(backend: Backend, range: { from: Hash; to: Hash; max: number }): Hash[] {
  const { from, to, max } = range;
  blockAt(backend, from);
  const blocks: Hash[] = [to];
  for (let current = to; current !== from; blocks.push(current)) {
    const header = backend.header(current);
    if (!header || header.number === 0) throw badRange(from, to, 'they are on different chains');
    if (blocks.length >= max) throw badRange(from, to, `it is longer than ${max} blocks`);
    current = header.parentHash;
  }
  return blocks.reverse();
}

function badRange(from: Hash, to: Hash, why: string): RpcError {
  const message = `Cannot resolve a block range ['${from}' ... '${to}']. ${why}`;
  return new RpcError(ERROR_CODES.invalidBlockRange, message);
}
