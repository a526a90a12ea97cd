import { toHex } from '@hamster/crypto';
import { UnknownRuntimeApi } from '@hamster/frame';
import type { RuntimeVersion } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { stateAt, whileKept } from './blocks.ts';
import { isDiscarded } from './discarded.ts';
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
  return yield* whileKept(hash, outputOf(backend.callRuntimeInSteps(hash, method, args)));
}

function* outputOf(steps: Generator<void, Uint8Array>): Steps<string> {
  try {
    return toHex(yield* executed(steps));
  } catch (error) {
    throw isDiscarded(error) ? error : executionFailed(executionFault(error));
  }
}

/** Bytes that a call inside of another one leaves in memory until all is over: what it writes, and its events. */
const OF_A_CALL = 1_024;

/** What the rules execute, for a client: it gathers nothing of the answer before its end, but a state on top of another one. */
export function* executed<T>(steps: Generator<void, T>): Steps<T> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    yield OF_A_CALL;
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
