import type { PostDispatch } from './call.ts';
import type { ArithmeticErrorName, TokenErrorName } from './types/dispatch.ts';

/** Why a dispatch failed, in names; the composed runtime knows the numbers. */
export type Fault =
  | { readonly type: 'Module'; readonly pallet: string; readonly name: string }
  | { readonly type: 'Token'; readonly name: TokenErrorName }
  | { readonly type: 'Arithmetic'; readonly name: ArithmeticErrorName }
  | { readonly type: 'Encoded'; readonly bytes: Uint8Array }
  | {
      readonly type:
        | 'Other'
        | 'CannotLookup'
        | 'BadOrigin'
        | 'ConsumerRemaining'
        | 'NoProviders'
        | 'Exhausted'
        | 'Corruption'
        | 'Unavailable';
    };

/** Thrown by a rule that refuses. Whatever the dispatch wrote is rolled back, and the sender sees the fault. */
export class DispatchFailure extends Error {
  override readonly name = 'DispatchFailure';
  readonly code = 'DISPATCH_FAILED';
  readonly fault: Fault;
  /** What the call had cost when it failed; without it, all that it declared. */
  readonly post: PostDispatch | undefined;

  constructor(fault: Fault, message: string, post?: PostDispatch) {
    super(message);
    this.fault = fault;
    this.post = post;
  }
}

/** The origin has a filter that does not let this call through. */
export const callFiltered = (): DispatchFailure =>
  new DispatchFailure(
    { type: 'Module', pallet: 'System', name: 'CallFiltered' },
    'The origin’s filter lets this call not through',
  );

export type FailureFactory = () => DispatchFailure;

export const badOrigin: FailureFactory = () =>
  new DispatchFailure({ type: 'BadOrigin' }, 'The origin may not make this call');

export const cannotLookup: FailureFactory = () =>
  new DispatchFailure({ type: 'CannotLookup' }, 'The address stands for no account here');

export const tokenFailure = (name: TokenErrorName): DispatchFailure =>
  new DispatchFailure({ type: 'Token', name }, `Token error: ${name}`);

export const arithmeticFailure = (name: ArithmeticErrorName): DispatchFailure =>
  new DispatchFailure({ type: 'Arithmetic', name }, `Arithmetic error: ${name}`);

/** Whether a check refuses nothing. What else it throws goes through. */
export const passes = (check: () => unknown): boolean => {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof DispatchFailure) return false;
    throw error;
  }
};

/**
 * Runs a part of a call that has cost so much when it refuses, whatever it declared: FRAME's `DispatchErrorWithPostInfo`.
 * What was said further inside goes before.
 */
export const costing = <T>(post: PostDispatch, run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DispatchFailure) || error.post) throw error;
    throw new DispatchFailure(error.fault, error.message, post);
  }
};

/** Refuses with the given failure unless the condition holds. */
export function ensure(condition: boolean, failure: FailureFactory): asserts condition {
  if (!condition) throw failure();
}

/** The value, or the failure where there is none: for look-ups that must succeed. */
export const orFail = <T>(value: T | undefined, failure: FailureFactory): T => {
  if (value === undefined) throw failure();
  return value;
};
