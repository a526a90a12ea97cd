import { InvalidTransaction, type StateReader } from '@hamster/frame';
import { Reader, readLength, ScaleError } from '@hamster/scale';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { stateAt } from './blocks.ts';
import { RpcError, runtimeError, undecodable } from './protocol/errors.ts';

/** All that Substrate's node itself knows of an extrinsic: a length, and as many bytes at least. What they are, its runtime tells. */
export function isOpaqueExtrinsic(extrinsic: Uint8Array): boolean {
  try {
    const reader = new Reader(extrinsic);
    return readLength(reader) <= reader.remaining;
  } catch (error) {
    if (error instanceof ScaleError) return false;
    throw error;
  }
}

interface Sentences {
  readonly failed: string;
  readonly undecodable: string;
}

/** Throws `RpcError` 2 for bytes that are none at first sight, and 1 for those on which the runtime fails, with these sentences. */
export function requireExtrinsic({ runtime }: Backend, extrinsic: Uint8Array, sentences: Sentences): void {
  try {
    runtime.decodeExtrinsic(extrinsic);
  } catch (error) {
    if (!(error instanceof InvalidTransaction)) throw error;
    if (!isOpaqueExtrinsic(extrinsic)) throw undecodable(sentences.undecodable, error.message);
    throw runtimeError(sentences.failed, `Execution failed: ${error.message}`);
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
