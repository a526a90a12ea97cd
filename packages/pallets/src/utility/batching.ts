import {
  addWeights,
  badOrigin,
  type CallCost,
  type Context,
  type DispatchResult,
  ensure,
  type Origin,
  type PostDispatch,
  type RuntimeCall,
  type Weight,
  weightOf,
} from '@hamster/frame';
import type { UtilityConfig } from './config.ts';
import { errors } from './errors.ts';

export const BATCHED_CALLS_LIMIT = 256;

const BASE_WEIGHT = weightOf(10);
/** What each call costs on top of itself: a layer of the state, and its event. */
const ITEM_WEIGHT = weightOf(10);

const withItem = (sum: Weight, call: Weight): Weight => addWeights(addWeights(sum, ITEM_WEIGHT), call);

/** Who may batch, and how much. */
const ensureBatch = (origin: Origin, calls: readonly RuntimeCall[]): void => {
  if (origin.type === 'None') throw badOrigin();
  ensure(calls.length <= BATCHED_CALLS_LIMIT, errors.TooManyCalls);
};

/** The sum of the calls. Operational only where all of them are, so that nothing else gets in front of others with one that is. */
export const batchCost = ({ infoOf }: UtilityConfig, calls: readonly RuntimeCall[]): CallCost => {
  const infos = calls.map(infoOf);
  const isOperational = infos.length > 0 && infos.every((info) => info.class.type === 'Operational');
  return {
    weight: infos.reduce((sum, { weight }) => withItem(sum, weight), BASE_WEIGHT),
    class: isOperational ? 'Operational' : 'Normal',
  };
};

export interface Batched {
  readonly index: number;
  readonly result: DispatchResult;
  /** What the batch has cost so far, this call included. */
  readonly post: PostDispatch;
}

/** Makes the calls one after the other, as long as `goesOn` says so, with a stop behind each. @throws DispatchFailure, and what `goesOn` does */
export function* dispatchEach(
  config: UtilityConfig,
  ctx: Context,
  origin: Origin,
  calls: readonly RuntimeCall[],
  goesOn: (made: Batched) => boolean,
): Generator<void, PostDispatch> {
  ensureBatch(origin, calls);
  let actualWeight = BASE_WEIGHT;
  for (const [index, call] of calls.entries()) {
    const result = yield* config.dispatchInSteps(ctx, origin, call);
    actualWeight = withItem(actualWeight, result.post?.actualWeight ?? config.infoOf(call).weight);
    if (!goesOn({ index, result, post: { actualWeight } })) break;
    yield;
  }
  return { actualWeight };
}
