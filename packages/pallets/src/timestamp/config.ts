import type { Context } from '@hamster/frame';

export interface TimestampConfig {
  /** Half of the expected time between blocks, in ms: clients take the pace of the chain from it. */
  readonly minimumPeriod: bigint;
  /** Throws when the block may not have this time, which makes the block impossible. */
  readonly ensureAllowed?: (ctx: Context, now: bigint) => void;
  /** Blocks further apart than so many ms have a standstill of the chain between them. */
  readonly standstillAfter: (ctx: Context) => bigint;
}
