import { type Context, ensureInvariant } from '@hamster/frame';
import { hasDistinctKeys } from './keys.ts';
import { QueuedKeys } from './storage.ts';

/** Whoever waits to be an authority has keys of its own, and there is somebody. */
export const tryState = (ctx: Context): void => {
  const queued = QueuedKeys.get(ctx);
  const isSound = !queued || (queued.length > 0 && hasDistinctKeys(queued));
  ensureInvariant(isSound, 'no keys, or one key twice, wait for the next session');
};
