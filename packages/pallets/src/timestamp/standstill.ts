import type { Context } from '@hamster/frame';
import { MAX_STANDSTILLS, Standstills } from './storage.ts';

/** Remembers that no block came between two that are further apart than `limit`, ms. */
export const noteStandstill = (
  ctx: Context,
  limit: bigint,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): void => {
  // The time before the first block is no time of the chain.
  if (from === 0n || to - from <= limit) return;
  Standstills.update(ctx, (known) => [...known, { from, to }].slice(-MAX_STANDSTILLS));
};
