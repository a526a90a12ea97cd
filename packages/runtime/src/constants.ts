import { type Weight, weightOf } from '@hamster/frame';
import type { BlockLength, BlockWeights, WeightsPerClass } from '@hamster/pallets';

/** Planck in a HAM. */
export const HAM = 10n ** 12n;

export const EXISTENTIAL_DEPOSIT = HAM / 1000n;

export const SS58_PREFIX = 42;

/** Keeping the books of any extrinsic. Its signature is checked before, in other threads. */
export const BASE_EXTRINSIC_WEIGHT = weightOf(40);

/** One planck for a picosecond, a million for a byte: a transfer costs about 0.00023 HAM. */
export const FEE_PER_REF_TIME = 1n;
export const FEE_PER_BYTE = 1_000_000n;

/**
 * Blocks further apart than so many slots have a standstill of the chain between them. A few authors that are down make smaller
 * gaps, in which whoever reports is late at most; in a longer one nobody could report.
 */
export const STANDSTILL_SLOTS = 20n;

const MEBIBYTE = 1024 * 1024;

/** One second of computing. */
const MAX_BLOCK: Weight = { ref_time: 1_000_000_000_000n, proof_size: BigInt(64 * MEBIBYTE) };

const partOf = (weight: Weight, percent: bigint): Weight => ({
  ref_time: (weight.ref_time * percent) / 100n,
  proof_size: (weight.proof_size * percent) / 100n,
});

/** Ordinary transactions leave a quarter of the block to urgent ones and to hooks. */
const NORMAL_PERCENT = 75n;

/** So much of a block there is for urgent transactions, whatever hooks and others have used: FRAME calls it the reserved pool. */
const URGENT_PERCENT = 100n - NORMAL_PERCENT;

/** What hooks may use of a block, together. */
export const HOOKS_BUDGET = partOf(MAX_BLOCK, 25n);

/** What migrations may use of a block: the hooks behind them get theirs. */
export const MIGRATIONS_BUDGET = partOf(MAX_BLOCK, 50n);

const NONE: Weight = { ref_time: 0n, proof_size: 0n };

const limits = (maxTotal: Weight | undefined, reserved: Weight | undefined): WeightsPerClass => ({
  base_extrinsic: BASE_EXTRINSIC_WEIGHT,
  max_extrinsic: maxTotal && partOf(maxTotal, 90n),
  max_total: maxTotal,
  reserved,
});

export const BLOCK_WEIGHTS: BlockWeights = {
  base_block: weightOf(1_500),
  max_block: MAX_BLOCK,
  per_class: {
    normal: limits(partOf(MAX_BLOCK, NORMAL_PERCENT), NONE),
    operational: limits(MAX_BLOCK, partOf(MAX_BLOCK, URGENT_PERCENT)),
    mandatory: limits(undefined, undefined),
  },
};

export const BLOCK_LENGTH: BlockLength = {
  max: { normal: (5 * MEBIBYTE * 3) / 4, operational: 5 * MEBIBYTE, mandatory: 5 * MEBIBYTE },
};

/**
 * Items of all lists together in an extrinsic, or in what a runtime API is asked. A list of a million empty texts is a megabyte, and a
 * hundred times as much once it is decoded: for a transaction nobody has paid yet, and the author of a block with one could hold up
 * everybody else. No block has the weight for half of so many items in calls that succeed.
 */
export const DECODE_LIMITS = { maxItems: 2 ** 17 };
