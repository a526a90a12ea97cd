import { StateError } from '@hamster/state';
import { NodeError } from '../errors.ts';

/** Whether a state that was there when somebody began to read it has been pruned meanwhile: nobody's fault. */
export const isDiscarded = (error: unknown): boolean =>
  (error instanceof StateError && error.code === 'STATE_UNAVAILABLE') ||
  (error instanceof NodeError && error.code === 'NODE_STATE_UNAVAILABLE');
