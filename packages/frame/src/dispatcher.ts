import type { Fields } from '@hamster/scale';
import {
  type CallDefinition,
  type DispatchSteps,
  infoOf,
  inSteps,
  type PostDispatch,
  whole,
} from './call.ts';
import type { Context } from './context.ts';
import type { ErrorTable } from './dispatch-error.ts';
import { type Isolated, isolated, isolatedInSteps } from './isolated.ts';
import { callFiltered } from './failure.ts';
import { isAllowed, type Origin } from './origin.ts';
import type { RuntimeCall } from './outer.ts';
import type { PalletDefinition } from './pallet.ts';
import type { DispatchError, DispatchEventInfo } from './types/dispatch.ts';

export type DispatchResult =
  | { readonly ok: true; readonly post: PostDispatch }
  | { readonly ok: false; readonly error: DispatchError; readonly post?: PostDispatch | undefined };

export interface Dispatcher {
  /** Makes a decoded call in a layer of its own. Never throws. */
  dispatch(ctx: Context, origin: Origin, call: RuntimeCall): DispatchResult;
  /** As `dispatch`, with stops between the calls inside of it. Nobody else may use the state meanwhile. */
  dispatchInSteps(ctx: Context, origin: Origin, call: RuntimeCall): Generator<void, DispatchResult>;
  /** What the call may cost, and its class. */
  infoOf(call: RuntimeCall): DispatchEventInfo;
  /** See {@link CallDefinition.isUrgent}. */
  isUrgent(ctx: Context, origin: Origin, call: RuntimeCall): boolean;
}

/** A call that the types let through and the tables don't know: only a bug makes one. */
export class UnknownCall extends Error {
  override readonly name = 'UnknownCall';
  readonly code = 'UNKNOWN_CALL';

  constructor(call: RuntimeCall) {
    super(`There is no call ${call.type}.${call.value.type}`);
  }
}

type Arguments = Record<string, never>;

const nameOf = (call: RuntimeCall): string => `${call.type}.${call.value.type}`;

const argumentsOf = (call: RuntimeCall): Arguments => (call.value.value ?? {}) as Arguments;

function* stepsOf(make: () => PostDispatch | void | DispatchSteps): DispatchSteps {
  const made = make();
  return inSteps(made) ? yield* made : made;
}

export const dispatcherOf = (pallets: readonly PalletDefinition[], errors: ErrorTable): Dispatcher => {
  // By two names: one made of both would have to be made, and hashed, for each look.
  const calls = new Map(
    pallets.map(({ name, calls = {} }) => [name, new Map<string, CallDefinition>(Object.entries(calls))]),
  );
  const find = (call: RuntimeCall): CallDefinition<Fields> => {
    const found = calls.get(call.type)?.get(call.value.type);
    if (!found) throw new UnknownCall(call);
    return found;
  };
  const make = (ctx: Context, origin: Origin, call: RuntimeCall) =>
    find(call).dispatch(ctx, origin, argumentsOf(call));
  const refused = (): DispatchResult => ({ ok: false, error: errors.encode(callFiltered()) });
  const resultOf = (outcome: Isolated<PostDispatch | void>): DispatchResult =>
    outcome.ok
      ? { ok: true, post: outcome.value ?? {} }
      : { ok: false, error: errors.encode(outcome.failure), post: outcome.failure.post };
  return {
    infoOf: (call) => infoOf(find(call), argumentsOf(call)),
    isUrgent: (ctx, origin, call) => find(call).isUrgent?.(ctx, origin, argumentsOf(call)) ?? false,
    dispatch(ctx, origin, call) {
      if (!isAllowed(origin, call)) return refused();
      return resultOf(isolated(ctx, nameOf(call), () => whole(make(ctx, origin, call))));
    },
    *dispatchInSteps(ctx, origin, call) {
      if (!isAllowed(origin, call)) return refused();
      const steps = () => stepsOf(() => make(ctx, origin, call));
      return resultOf(yield* isolatedInSteps(ctx, nameOf(call), steps));
    },
  };
};
