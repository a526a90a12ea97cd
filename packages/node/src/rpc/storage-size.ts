import type { StateReader } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { stateAt, whileKept } from './blocks.ts';
import { timedOut } from './protocol/errors.ts';
import type { Steps } from './protocol/steps.ts';

/** Values that are read without looking at the clock. */
const PAGE = 64;

/** ms. As Substrate has it for callers that are not its operator. */
const MAX_TIME = 30_000;

/**
 * Bytes of the value under `key`; where there is none, of all values whose keys begin with it; null for nothing at all. Throws
 * `RpcError` 4003 for a block without state, and when there is too much to be read.
 */
export function* storageSize(backend: Backend, at: Hash | undefined, key: Uint8Array): Steps<number | null> {
  const { hash, state } = stateAt(backend, at);
  return yield* whileKept(hash, sizeIn(state, key));
}

function* sizeIn(state: StateReader, key: Uint8Array): Steps<number | null> {
  const value = state.get(key);
  if (value) return value.length;
  const deadline = performance.now() + MAX_TIME;
  let last: Uint8Array | undefined;
  let size = 0;
  for (;;) {
    const page = readPage(state, key, last);
    size += page.size;
    if (!page.last) return size > 0 ? size : null;
    last = page.last;
    if (performance.now() > deadline) throw timedOut();
    yield 0;
  }
}

/** `last` is the key to go on behind; none when everything has been read. */
function readPage(state: StateReader, prefix: Uint8Array, startAfter: Uint8Array | undefined) {
  let size = 0;
  let count = 0;
  for (const key of state.keys(prefix, startAfter)) {
    size += state.get(key)?.length ?? 0;
    count += 1;
    if (count === PAGE) return { size, last: key };
  }
  return { size };
}
