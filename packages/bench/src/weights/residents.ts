import { blake2_128Concat, blake2b256 } from '@hamster/crypto';
import { type MemoryState, storagePrefix } from '@hamster/frame';
import type { Entry } from '../chain/lease-copies.ts';
import { BenchError } from '../errors.ts';

const ACCOUNTS = storagePrefix('System', 'Account');

/** An account of those that a state has besides its cast. */
export const resident = (index: number): Uint8Array => blake2b256(Buffer.from(`bench resident ${index}`));

const keyOf = (account: Uint8Array): Uint8Array =>
  Uint8Array.from(Buffer.concat([ACCOUNTS, blake2_128Concat(account)]));

/** The entries with `count` residents among them, in order. Each has as much as `model`, which nobody issued. */
export function* withResidents(
  entries: Iterable<Entry>,
  {
    state,
    model,
    count,
  }: { readonly state: MemoryState; readonly model: Uint8Array; readonly count: number },
): Generator<Entry> {
  const value = state.get(keyOf(model));
  if (!value) throw new BenchError('BENCH_WRONG_RESULT', 'There is no account to copy');
  const keys = Array.from({ length: count }, (_, index) => keyOf(resident(index)));
  keys.sort((a, b) => Buffer.compare(a, b));
  let next = 0;
  const before = function* (limit?: Uint8Array): Generator<Entry> {
    for (let key = keys[next]; key && (!limit || Buffer.compare(key, limit) < 0); key = keys[++next]) {
      yield [key, value];
    }
  };
  for (const entry of entries) {
    yield* before(entry[0]);
    yield entry;
  }
  yield* before();
}
