import { maxOf } from '@hamster/frame';
import { type Infer, struct, u32, u64 } from '@hamster/scale';

/** A stretch of time at whose end a pot is shared out: its number, and when it ends, ms. */
export const Era = struct('hamster_primitives::Era', { index: u32, ends_at: u64 });
export type Era = Infer<typeof Era>;

/** Ends with the first block. */
export const FIRST_ERA: Era = { index: 0, ends_at: 0n };

/** Eras follow each other without a gap; where no block came for longer than an era, the next one begins now. */
export const eraAfter = (era: Era, now: bigint, length: bigint): Era => {
  const next = era.ends_at + length;
  return { index: era.index + 1, ends_at: next > now ? next : maxOf(now, era.ends_at) + length };
};
