import { type DispatchEventInfo, maxOf, minOf } from '@hamster/frame';
import { OPERATIONAL_FEE_MULTIPLIER } from '@hamster/pallets';
import { BLOCK_LENGTH, BLOCK_WEIGHTS } from '../constants.ts';
import { totalWeight } from './limits.ts';

/** What a transaction offers to whoever makes the block, in planck. */
export interface Offered {
  readonly tip: bigint;
  /** Without the tip. */
  readonly fee: bigint;
}

/** Whatever others tip, urgent transactions come before them. */
const URGENT = 1n << 63n;

/**
 * Tip for the room that is taken: how many such transactions a block could hold, times the tip (as
 * pallet-transaction-payment does it). One that is operational, which is so only if the chain waits for it, counts as if it
 * tipped some times all that it pays, and goes before all that is not. There is room for it behind these, too, but an author
 * that stops looking, as it is late or as many did not fit, would never come to it.
 */
export const priorityOf = (info: DispatchEventInfo, length: number, { tip, fee }: Offered): bigint => {
  const byWeight = BLOCK_WEIGHTS.max_block.ref_time / maxOf(totalWeight(info).ref_time, 1n);
  const byLength = BigInt(BLOCK_LENGTH.max.normal) / BigInt(Math.max(length, 1));
  const isOperational = info.class.type === 'Operational';
  const bonus = isOperational ? BigInt(OPERATIONAL_FEE_MULTIPLIER) * (tip + fee) : 0n;
  const offered = minOf((tip + 1n + bonus) * maxOf(minOf(byWeight, byLength), 1n), URGENT - 1n);
  return isOperational ? URGENT + offered : offered;
};
