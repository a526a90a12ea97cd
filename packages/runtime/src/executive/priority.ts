import { type DispatchEventInfo, maxOf, minOf, U64_MAX } from '@hamster/frame';
import { BLOCK_LENGTH, BLOCK_WEIGHTS } from '../constants.ts';
import { totalWeight } from './limits.ts';

/**
 * Tip for the room that is taken: how many such transactions a block could hold, times the tip (as
 * pallet-transaction-payment does it). Operational ones go first.
 */
export const priorityOf = (info: DispatchEventInfo, length: number, tip: bigint): bigint => {
  const byWeight = BLOCK_WEIGHTS.max_block.ref_time / maxOf(totalWeight(info).ref_time, 1n);
  const byLength = BigInt(BLOCK_LENGTH.max.normal) / BigInt(Math.max(length, 1));
  const ordinary = (tip + 1n) * maxOf(minOf(byWeight, byLength), 1n);
  const bonus = info.class.type === 'Operational' ? U64_MAX / 2n : 0n;
  return minOf(ordinary + bonus, U64_MAX);
};
