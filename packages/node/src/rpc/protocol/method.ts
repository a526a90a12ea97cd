import type { RpcContext } from '../context.ts';
import type { Session } from './session.ts';
import type { Param, ParamValues } from './params.ts';
import type { Steps } from './steps.ts';

/** What a method runs with. */
export interface Call extends RpcContext {
  /** Runs once the answer to this request has been handed to the transport. */
  afterResponse(task: () => void): void;
  /** Goes through work that may take longer than a slice, in turns of who asks. Throws, or rejects, with `RpcError` -32008. */
  inSteps<T>(steps: Steps<T>): T | Promise<T>;
}

/** A call that came over a WebSocket, where subscriptions and operations can live. */
export interface SessionCall extends Call {
  readonly session: Session;
}

interface MethodBase {
  readonly params: readonly Param<unknown>[];
  /** Refused, and not listed, unless the operator allows unsafe methods. */
  readonly unsafe: boolean;
}

export interface StatelessMethod extends MethodBase {
  readonly needsSession: false;
  run(call: Call, args: readonly unknown[]): unknown;
}

export interface SessionMethod extends MethodBase {
  readonly needsSession: true;
  /** Opens no subscription, and ends none: served without a WebSocket, too, in a session that all such callers share. */
  readonly sharesSession?: true;
  run(call: SessionCall, args: readonly unknown[]): unknown;
}

/** `run` answers a JSON value or a promise of one. */
export type Method = StatelessMethod | SessionMethod;

/** Methods under their names on the wire. */
export type MethodTable = Readonly<Record<string, Method>>;

export function method<const P extends readonly Param<unknown>[]>(
  params: P,
  run: (call: Call, ...args: ParamValues<P>) => unknown,
): StatelessMethod {
  return {
    params,
    unsafe: false,
    needsSession: false,
    run: (call, args) => run(call, ...(args as unknown as ParamValues<P>)),
  };
}

export function sessionMethod<const P extends readonly Param<unknown>[]>(
  params: P,
  run: (call: SessionCall, ...args: ParamValues<P>) => unknown,
): SessionMethod {
  return {
    params,
    unsafe: false,
    needsSession: true,
    run: (call, args) => run(call, ...(args as unknown as ParamValues<P>)),
  };
}

/** One that asks about what a session holds, and says nothing afterwards. As with Substrate it is served by POST, too. */
export const sharedMethod = <const P extends readonly Param<unknown>[]>(
  params: P,
  run: (call: SessionCall, ...args: ParamValues<P>) => unknown,
): SessionMethod => ({ ...sessionMethod(params, run), sharesSession: true });

/** Marks a method that costs much or changes the node: for the operator, not for the public. */
export const unsafe = (inner: StatelessMethod): StatelessMethod => ({ ...inner, unsafe: true });

/** The same method under a second name that clients know it by. */
export const alias = <M extends Method>(original: M): M => ({ ...original });
