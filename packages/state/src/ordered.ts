import type { StateReader } from '@hamster/frame';
import { startsWith } from './bytes.ts';

/** Keys with `prefix`, in order, strictly behind `startAfter`, found one by one. */
export function* stepKeys(
  state: Pick<StateReader, 'get' | 'nextKey'>,
  prefix: Uint8Array,
  startAfter?: Uint8Array,
): Generator<Uint8Array> {
  const behind = startAfter && Buffer.compare(startAfter, prefix) >= 0;
  let key: Uint8Array | undefined;
  if (behind) key = state.nextKey(startAfter);
  else key = state.get(prefix) ? prefix : state.nextKey(prefix);
  for (; key && startsWith(key, prefix); key = state.nextKey(key)) yield key;
}
