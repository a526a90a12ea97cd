import { bytesEqual, type Context, ensure, ensureSigned, type Origin } from '@hamster/frame';
import { errors } from './errors.ts';
import { Key } from './storage.ts';

/** Root itself, or the holder of the key. */
export const ensureSudo = (ctx: Context, origin: Origin): void => {
  if (origin.type === 'Root') return;
  const who = ensureSigned(origin);
  const key = Key.get(ctx);
  ensure(key !== undefined && bytesEqual(key, who), errors.RequireSudo);
};
