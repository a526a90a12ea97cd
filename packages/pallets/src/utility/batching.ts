import {
  addWeights,
  badOrigin,
  ensure,
  type Origin,
  type RuntimeCall,
  type Weight,
  weightOf,
} from '@hamster/frame';
import type { UtilityConfig } from './config.ts';
import { errors } from './errors.ts';

export const BATCHED_CALLS_LIMIT = 256;

/** Who may batch, and how much. */
export const ensureBatch = (origin: Origin, calls: readonly RuntimeCall[]): void => {
  if (origin.type === 'None') throw badOrigin();
  ensure(calls.length <= BATCHED_CALLS_LIMIT, errors.TooManyCalls);
};

export const batchWeight = ({ infoOf }: UtilityConfig, calls: readonly RuntimeCall[]): Weight =>
  calls.reduce((sum, call) => addWeights(sum, infoOf(call).weight), weightOf(10));
