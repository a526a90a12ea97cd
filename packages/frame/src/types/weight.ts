import { compact, type Infer, struct, u64 } from '@hamster/scale';

/** `ref_time` in picoseconds of a reference machine, `proof_size` in bytes. */
export const Weight = struct('sp_weights::weight_v2::Weight', {
  ref_time: compact(u64),
  proof_size: compact(u64),
});
export type Weight = Infer<typeof Weight>;

const MICROSECOND = 1_000_000n;
/** Reading, writing and hashing one entry of the state, the trie above it included. */
const ENTRY = 10n * MICROSECOND;

export const NO_WEIGHT: Weight = { ref_time: 0n, proof_size: 0n };

/** Weight from microseconds of computing and the number of state entries that are touched. */
export const weightOf = (microseconds: number, entries = 0): Weight => ({
  ref_time: BigInt(Math.ceil(microseconds)) * MICROSECOND + BigInt(entries) * ENTRY,
  proof_size: BigInt(entries) * 1_024n,
});

export const addWeights = (a: Weight, b: Weight): Weight => ({
  ref_time: a.ref_time + b.ref_time,
  proof_size: a.proof_size + b.proof_size,
});

export const fitsIn = (weight: Weight, limit: Weight): boolean =>
  weight.ref_time <= limit.ref_time && weight.proof_size <= limit.proof_size;
