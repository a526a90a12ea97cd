import type { Fields, FieldValues } from '@hamster/scale';
import type { Context } from './context.ts';
import type { Origin } from './origin.ts';
import { inOneGo } from './steps.ts';
import { type DispatchClass, type DispatchEventInfo } from './types/dispatch.ts';
import { type Weight, weightOf } from './types/weight.ts';

/** What a dispatch found out about its own cost. */
export interface PostDispatch {
  /** Less than declared; the difference is not paid. */
  readonly actualWeight?: Weight;
  readonly paysFee?: boolean;
}

/** What a call may cost at most, and in which part of a block it counts. */
export interface CallCost {
  readonly weight: Weight;
  readonly class: DispatchClass;
}

/** One call of a pallet. Checks everything, then writes, then deposits events; refuses by throwing a `DispatchFailure`. */
export interface CallDefinition<F extends Fields = Fields> {
  readonly index: number;
  readonly docs: readonly string[];
  readonly args: F;
  readonly class?: DispatchClass;
  /** Unless told otherwise, a call pays. */
  readonly paysFee?: boolean;
  /** The most that the call may cost with these arguments. */
  weight?(args: FieldValues<F>): Weight;
  /**
   * Instead of `weight` and `class`, for calls with calls inside. Both in one, since asking every level twice would take as
   * long as two to the power of the depth.
   */
  cost?(args: FieldValues<F>): CallCost;
  /**
   * Whether the sender may use the room that blocks keep for operational calls, as the state is now. Left out, or where it says
   * no, an operational call goes where all others go, and anybody may send it there. It must say no to a call that would fail:
   * what fails leaves no trace, so it could be sent again and again. Bounded reads, no writes.
   */
  isUrgent?(ctx: Context, origin: Origin, args: FieldValues<F>): boolean;
  /** A generator for a call with calls inside, which may be many: it stops between them, so that others may work. */
  dispatch(ctx: Context, origin: Origin, args: FieldValues<F>): PostDispatch | void | DispatchSteps;
}

/** See `CallDefinition.dispatch`. Nobody else may use the state meanwhile. */
export type DispatchSteps = Generator<void, PostDispatch | void>;

export const inSteps = (made: PostDispatch | void | DispatchSteps): made is DispatchSteps =>
  made !== undefined && 'next' in made;

/** What a call came to, without a stop. */
export const whole = (made: PostDispatch | void | DispatchSteps): PostDispatch | void =>
  inSteps(made) ? inOneGo(made) : made;

/** Keeps the types of the arguments; see {@link CallDefinition}. */
export const defineCall = <const F extends Fields>(definition: CallDefinition<F>): CallDefinition<F> =>
  definition;

/** A handful of state entries and little computing: what most calls are. */
export const DEFAULT_CALL_WEIGHT: Weight = weightOf(50, 6);

export const infoOf = <F extends Fields>(
  call: CallDefinition<F>,
  args: FieldValues<F>,
): DispatchEventInfo => {
  const cost = call.cost?.(args);
  return {
    weight: cost?.weight ?? call.weight?.(args) ?? DEFAULT_CALL_WEIGHT,
    class: { type: cost?.class ?? call.class ?? 'Normal' },
    pays_fee: { type: (call.paysFee ?? true) ? 'Yes' : 'No' },
  };
};
