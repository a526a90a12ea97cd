import { toHex } from '@hamster/crypto';
import { dryRun } from '../../execution/dry-run.ts';
import type { Hash } from '../../header.ts';
import { requireExtrinsic, requireState } from '../extrinsic-question.ts';
import { faultText } from '../opaque-fault.ts';
import { RpcError, runtimeError } from '../protocol/errors.ts';
import { alias, type Call, method, unsafe } from '../protocol/method.ts';
import { bytes, hash, optional } from '../protocol/params.ts';
import type { Steps } from '../protocol/steps.ts';
import { executed, runtimeFault } from '../runtime-calls.ts';

const FAILED = 'Unable to dry run extrinsic.';

/** Unsafe, since it costs as much as the opening of a block. */
export const system_dryRun = unsafe(
  method([bytes('extrinsic'), optional(hash('at'))], (call, given, at) =>
    call.inSteps(outcome(call, given, at)),
  ),
);

function* outcome({ backend }: Call, given: Uint8Array, at: Hash | undefined): Steps<string> {
  // Without the full stop, as Substrate has it.
  const sentences = { failed: FAILED, undecodable: FAILED.slice(0, -1), faultText };
  const extrinsic = requireExtrinsic(backend, given, sentences);
  const parent = requireState(backend, at, FAILED);
  const { number } = backend.header(parent.hash) ?? backend.best();
  try {
    const result = toHex(yield* executed(dryRun(backend.runtime, { ...parent, number }, extrinsic)));
    // It may have been pruned at a stop: what was read of it then is wrong.
    requireState(backend, parent.hash, FAILED);
    return result;
  } catch (error) {
    throw error instanceof RpcError ? error : runtimeError(FAILED, runtimeFault(error));
  }
}

export const system_dryRunAt = alias(system_dryRun);
