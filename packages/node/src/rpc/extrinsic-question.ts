import { InvalidTransaction, type StateReader } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { stateAt } from './blocks.ts';
import { RpcError, runtimeError, undecodable } from './protocol/errors.ts';

/** `failed` is Substrate's sentence for what was to be done with it. Throws `RpcError` 2 for bytes that are no extrinsic. */
export function requireExtrinsic({ runtime }: Backend, extrinsic: Uint8Array, failed: string): void {
  try {
    runtime.decodeExtrinsic(extrinsic);
  } catch (error) {
    throw error instanceof InvalidTransaction ? undecodable(failed, error.message) : error;
  }
}

/** As `stateAt`, for methods that have an error of their own for a block that is unknown or pruned: `RpcError` 1. */
export function requireState(
  backend: Backend,
  at: Hash | undefined,
  failed: string,
): { hash: Hash; state: StateReader } {
  try {
    return stateAt(backend, at);
  } catch (error) {
    throw error instanceof RpcError
      ? runtimeError(failed, error.message.replace(/^Client error: /, ''))
      : error;
  }
}
