import type { Context } from '@hamster/frame';
import type { Span } from '../primitives/silence.ts';
import { MAX_STANDSTILLS, Standstills } from './storage.ts';

/**
 * Remembers that no block came between two that are further apart than `limit`, ms. With a limit of 0 the block before could
 * carry nothing either, so the time before it and this one are one.
 */
export const noteStandstill = (ctx: Context, limit: bigint, { from, to }: Span): void => {
  // The time before the first block is no time of the chain.
  if (from === 0n || to - from <= limit) return;
  Standstills.update(ctx, (known) => {
    const last = known.at(-1);
    if (limit === 0n && last?.to === from) return [...known.slice(0, -1), { from: last.from, to }];
    return [...known, { from, to }].slice(-MAX_STANDSTILLS);
  });
};
