import { toHex } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import { stateAt } from '../blocks.ts';
import { countTooHigh } from '../protocol/errors.ts';
import { alias, method, unsafe } from '../protocol/method.ts';
import { bytes, hash, optional, uint32 } from '../protocol/params.ts';

const AT = optional(hash('hash'));
const NO_PREFIX = new Uint8Array();
/** The most that Substrate gives for one call. */
const MAX_PAGE = 1000;

/** `prefix`, `startKey` and `at` may each be null. The page begins strictly behind `startKey`. */
export const state_getKeysPaged = method(
  [optional(bytes('prefix')), uint32('count'), optional(bytes('startKey')), AT],
  ({ backend }, prefix, count, startKey, at) => {
    if (count > MAX_PAGE) throw countTooHigh(count, MAX_PAGE);
    const { state } = stateAt(backend, at);
    return take(state, { prefix, startKey, count }).map((key) => toHex(key));
  },
);

export const state_getKeysPagedAt = alias(state_getKeysPaged);

/** Deprecated in Substrate, which has no bound for it; here a longer answer is refused. */
export const state_getKeys = method([optional(bytes('prefix')), AT], ({ backend, limits }, prefix, at) =>
  all(stateAt(backend, at).state, prefix, limits.keysPerCall).map((key) => toHex(key)),
);

export const state_getPairs = unsafe(
  method([optional(bytes('prefix')), AT], ({ backend, limits }, prefix, at) => {
    const { state } = stateAt(backend, at);
    return all(state, prefix, limits.keysPerCall).map((key) => [
      toHex(key),
      toHex(state.get(key) ?? NO_PREFIX),
    ]);
  }),
);

interface Page {
  readonly prefix: Uint8Array | undefined;
  readonly startKey?: Uint8Array | undefined;
  readonly count: number;
}

function take(state: StateReader, { prefix = NO_PREFIX, startKey, count }: Page): Uint8Array[] {
  const keys: Uint8Array[] = [];
  if (count === 0) return keys;
  for (const key of state.keys(prefix, startKey)) {
    keys.push(key);
    if (keys.length === count) break;
  }
  return keys;
}

function all(state: StateReader, prefix: Uint8Array | undefined, max: number): Uint8Array[] {
  const keys = take(state, { prefix, count: max + 1 });
  if (keys.length > max) throw countTooHigh(keys.length, max);
  return keys;
}
