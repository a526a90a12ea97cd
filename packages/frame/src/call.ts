import type { Fields, FieldValues } from '@hamster/scale';
import type { Context } from './context.ts';
import type { Origin } from './origin.ts';
import { type DispatchClass, type DispatchEventInfo } from './types/dispatch.ts';
import { type Weight, weightOf } from './types/weight.ts';

/** What a dispatch found out about its own cost. */
export interface PostDispatch {
  /** Less than declared; the difference is not paid. */
  readonly actualWeight?: Weight;
  readonly paysFee?: boolean;
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
  dispatch(ctx: Context, origin: Origin, args: FieldValues<F>): PostDispatch | void;
}

/** Keeps the types of the arguments; see {@link CallDefinition}. */
export const defineCall = <const F extends Fields>(definition: CallDefinition<F>): CallDefinition<F> =>
  definition;

/** A handful of state entries and little computing: what most calls are. */
export const DEFAULT_CALL_WEIGHT: Weight = weightOf(50, 6);

export const infoOf = <F extends Fields>(
  call: CallDefinition<F>,
  args: FieldValues<F>,
): DispatchEventInfo => ({
  weight: call.weight?.(args) ?? DEFAULT_CALL_WEIGHT,
  class: { type: call.class ?? 'Normal' },
  pays_fee: { type: (call.paysFee ?? true) ? 'Yes' : 'No' },
});
