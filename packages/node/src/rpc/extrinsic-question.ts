import { InvalidTransaction, type StateReader } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { opaqueExtrinsic } from '../opaque-extrinsic.ts';
import { stateAt } from './blocks.ts';
import { opaqueFault } from './opaque-fault.ts';
import { RpcError, runtimeError, undecodable, unknownToApi } from './protocol/errors.ts';

interface Sentences {
  readonly failed: string;
  readonly undecodable: string;
  /** What Substrate's method makes of a fault of the codec. */
  faultText(fault: string): string;
}

/**
 * The extrinsic that these bytes begin with. Throws `RpcError` 2 for bytes that are none at first sight, and 1 for those on which the
 * runtime fails, with these sentences.
 */
export function requireExtrinsic({ runtime }: Backend, bytes: Uint8Array, sentences: Sentences): Uint8Array {
  const extrinsic = opaqueExtrinsic(bytes);
  try {
    runtime.decodeExtrinsic(extrinsic ?? bytes);
  } catch (error) {
    if (!(error instanceof InvalidTransaction)) throw error;
    if (!extrinsic) throw undecodable(sentences.undecodable, sentences.faultText(opaqueFault(bytes)));
    throw runtimeError(sentences.failed, `Execution failed: ${error.message}`);
  }
  return extrinsic ?? bytes;
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
      ? runtimeError(failed, unknownToApi(error.message.replace(/^Client error: /, '')))
      : error;
  }
}
