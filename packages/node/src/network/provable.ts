import type { BlockId } from '../backend.ts';
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

/** Number of the last block whose votes somebody can verify for whom all up to `floor` is final. */
export function verifiableUpTo(chain: ChainAccess, floor: number): number {
  const [end] = chain.setEnds(floor);
  return end?.number ?? Infinity;
}
