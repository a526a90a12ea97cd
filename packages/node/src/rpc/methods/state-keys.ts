import { fromHex, toHex } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';
import { hexOrNull, stateAt, whileKept } from '../blocks.ts';
import { countTooHigh } from '../protocol/errors.ts';
import { alias, method, unsafe } from '../protocol/method.ts';
import { bytes, hash, optional, uint32 } from '../protocol/params.ts';
import type { Steps } from '../protocol/steps.ts';

const AT = optional(hash('hash'));
const NO_PREFIX = new Uint8Array();
/** The most that Substrate gives for one call. */
const MAX_PAGE = 1000;
/** Keys that are listed without a stop. */
const STEP = 64;

/** `prefix`, `startKey` and `at` may each be null. The page begins strictly behind `startKey`. */
export const state_getKeysPaged = method(
  [optional(bytes('prefix')), uint32('count'), optional(bytes('startKey')), AT],
  ({ backend, inSteps }, prefix, count, startKey, at) => {
    if (count > MAX_PAGE) throw countTooHigh(count, MAX_PAGE);
    const { hash: block, state } = stateAt(backend, at);
    return inSteps(whileKept(block, keysOf(state, { prefix, startKey, count })));
  },
);

export const state_getKeysPagedAt = alias(state_getKeysPaged);

/** Deprecated in Substrate, which has no bound for it; here a longer answer is refused. */
export const state_getKeys = method(
  [optional(bytes('prefix')), AT],
  ({ backend, limits, inSteps }, prefix, at) => {
    const { hash: block, state } = stateAt(backend, at);
    return inSteps(whileKept(block, allKeys(state, prefix, limits.keysPerCall)));
  },
);

export const state_getPairs = unsafe(
  method([optional(bytes('prefix')), AT], ({ backend, limits, inSteps }, prefix, at) => {
    const { hash: block, state } = stateAt(backend, at);
    return inSteps(whileKept(block, allPairs(state, prefix, limits.keysPerCall)));
  }),
);

interface Page {
  readonly prefix: Uint8Array | undefined;
  readonly startKey?: Uint8Array | undefined;
  readonly count: number;
}

/** In hex. No cursor stays open at a stop. */
function* keysOf(state: StateReader, { prefix = NO_PREFIX, startKey, count }: Page): Steps<string[]> {
  const keys: string[] = [];
  let last = startKey;
  while (keys.length < count) {
    const page = listed(state, { prefix, startKey: last, count: Math.min(STEP, count - keys.length) });
    const names = page.map((key) => toHex(key));
    keys.push(...names);
    yield names.reduce((sum, { length }) => sum + length, 0);
    if (page.length < STEP) break;
    last = page.at(-1);
  }
  return keys;
}

function listed(state: StateReader, { prefix = NO_PREFIX, startKey, count }: Page): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const key of state.keys(prefix, startKey)) {
    keys.push(key);
    if (keys.length === count) break;
  }
  return keys;
}

function* allKeys(state: StateReader, prefix: Uint8Array | undefined, max: number): Steps<string[]> {
  const keys = yield* keysOf(state, { prefix, count: max + 1 });
  if (keys.length > max) throw countTooHigh(keys.length, max);
  return keys;
}

function* allPairs(
  state: StateReader,
  prefix: Uint8Array | undefined,
  max: number,
): Steps<[key: string, value: string][]> {
  const pairs: [key: string, value: string][] = [];
  for (const key of yield* allKeys(state, prefix, max)) {
    const value = hexOrNull(state.get(fromHex(key))) ?? '0x';
    pairs.push([key, value]);
    yield value.length;
  }
  return pairs;
}
