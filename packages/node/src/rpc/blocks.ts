import { toHex } from '@hamster/crypto';
import type { Runtime, StateReader } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash, Header } from '../header.ts';
import { isDiscarded } from './discarded.ts';
import { ERROR_CODES, RpcError, stateDiscarded, unknownBlock, unknownToApi } from './protocol/errors.ts';
import type { Steps } from './protocol/steps.ts';

/** A header as `chain_getHeader` and the head subscriptions write it. */
export function headerJson(header: Header): object {
  return {
    parentHash: header.parentHash,
    number: `0x${header.number.toString(16)}`,
    stateRoot: header.stateRoot,
    extrinsicsRoot: header.extrinsicsRoot,
    digest: { logs: header.digest.map((item) => toHex(item)) },
  };
}

/** The block that an optional `at` means: the best one without it. Throws `RpcError` 4003 for an unknown block. */
export function blockAt(backend: Backend, at: Hash | undefined): Hash {
  if (at === undefined) return backend.best().hash;
  if (!backend.header(at)) throw unknownBlock(at);
  return at;
}

/** The state after that block. Throws `RpcError` 4003 for an unknown block and for one whose state was pruned. */
export function stateAt(backend: Backend, at: Hash | undefined): { hash: Hash; state: StateReader } {
  const hash = blockAt(backend, at);
  const state = backend.stateAt(hash);
  if (!state) throw stateDiscarded(hash);
  return { hash, state };
}

/** The same steps; the state of that block may be pruned at a stop of them, which is told as `stateAt` tells it. */
export function* whileKept<T>(block: Hash, steps: Steps<T>): Steps<T> {
  try {
    return yield* steps;
  } catch (error) {
    throw isDiscarded(error) ? stateDiscarded(block) : error;
  }
}

/** The rules in force on top of that block. Throws as `stateAt`, in other words: what they were called is told by states. */
export function rulesAt(backend: Backend, at: Hash | undefined): Runtime {
  try {
    const hash = blockAt(backend, at);
    const rules = backend.rulesAt(hash);
    if (!rules) throw stateDiscarded(hash);
    return rules;
  } catch (error) {
    throw error instanceof RpcError ? new RpcError(ERROR_CODES.client, unknownToApi(error.message)) : error;
  }
}

export const hexOrNull = (value: Uint8Array | undefined): string | null => (value ? toHex(value) : null);
