import { toHex } from '@hamster/crypto';
import { UnknownRuntimeApi } from '@hamster/frame';
import type { RuntimeVersion } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { stateAt } from './blocks.ts';
import { executionFailed } from './protocol/errors.ts';
import type { Steps } from './protocol/steps.ts';

/** Runs a runtime API for a client, answers in hex. Throws `RpcError` 4003 with the words that clients know from Substrate. */
export function* runtimeCall(
  backend: Backend,
  at: Hash | undefined,
  method: string,
  args: Uint8Array,
): Steps<string> {
  const { hash } = stateAt(backend, at);
  try {
    return toHex(yield* gatheringNothing(backend.callRuntimeInSteps(hash, method, args)));
  } catch (error) {
    throw executionFailed(executionFault(error));
  }
}

/** Of work that gathers nothing of its answer before its end. */
export function* gatheringNothing<T>(steps: Generator<void, T>): Steps<T> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield 0;
  }
}

/** One sentence about what the runtime threw. */
export function runtimeFault(error: unknown): string {
  if (error instanceof UnknownRuntimeApi) return `Other: Exported method ${error.method} is not found`;
  return error instanceof Error ? error.message : String(error);
}

/** The same as the methods of the specification tell it. */
export const executionFault = (error: unknown): string => `Execution failed: ${runtimeFault(error)}`;

/** The version as the legacy methods write it: `apis` is a list of pairs, and the version of the state has its newer name, too. */
export function legacyVersion({ stateVersion, apis, ...rest }: RuntimeVersion): object {
  return { ...rest, apis: apis.map(([id, api]) => [id, api]), systemVersion: stateVersion, stateVersion };
}

/** The version as chainHead writes it: `apis` is an object, and only these fields. */
export function chainHeadRuntime(version: RuntimeVersion): object {
  const { specName, implName, specVersion, implVersion, transactionVersion, apis } = version;
  const spec = {
    specName,
    implName,
    specVersion,
    implVersion,
    transactionVersion,
    apis: Object.fromEntries(apis),
  };
  return { type: 'valid', spec };
}
