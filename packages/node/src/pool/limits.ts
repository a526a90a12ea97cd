/** Bounds of the transaction pool. What is over a bound is refused, or pushes out what matters least. */
export interface PoolLimits {
  /**
   * More than two blocks full of the smallest: while one is made of what has arrived, the signature threads have the next one to
   * check. A pool of hardly more than a block leaves them idle meanwhile.
   */
  readonly maxTransactions: number;
  readonly maxBytes: number;
  /** Of one signer. */
  readonly maxPerAccount: number;
  /** That wait for another transaction. */
  readonly maxFuture: number;
  readonly maxExtrinsicBytes: number;
  readonly maxWatchers: number;
  /** Waiting ones that are checked again with each block, in turn, besides those that the block touches. */
  readonly revalidatedPerBlock: number;
}

export const DEFAULT_LIMITS: PoolLimits = {
  maxTransactions: 16_384,
  maxBytes: 20 * 2 ** 20,
  maxPerAccount: 4096,
  maxFuture: 2048,
  maxExtrinsicBytes: 2 ** 20,
  maxWatchers: 16_384,
  revalidatedPerBlock: 64,
};
