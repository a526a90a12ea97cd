import type { BlockId } from '../backend.ts';
import type { Hash } from '../header.ts';
import type { ChainAccess } from './chain-access.ts';

/**
 * The block that comes next for somebody for whom all up to `floor` is final, on the way to `goal`: the one with which a set of
 * validators ends, since nobody can verify later votes before, else the goal. Undefined when the goal is reached.
 */
export function nextFinal(chain: ChainAccess, floor: number, goal: BlockId): BlockId | undefined {
  if (goal.number <= floor) return undefined;
  const [end] = chain.setEnds(floor);
  return end && end.number < goal.number ? end : goal;
}

/** Whether somebody for whom all up to `floor` is final can verify votes for this block. */
export function isVerifiable(chain: ChainAccess, hash: Hash, floor: number | undefined): boolean {
  if (floor === undefined) return true;
  const number = chain.header(hash)?.number ?? 0;
  const [end] = chain.setEnds(floor);
  return !end || number <= end.number;
}
