import { type DispatchResult, NONE } from '@hamster/frame';
import { assertOk, mockChain } from '@hamster/frame/testing';
import { expect, it } from 'vitest';

import { Standstills, timestampPallet } from '../../src/index.ts';

const LIMIT = 20_000n;

/** Blocks at these moments, in ms. */
const blocksAt = (...moments: readonly bigint[]) => {
  const timestamp = timestampPallet({ minimumPeriod: 500n, standstillAfter: () => LIMIT });
  const chain = mockChain({ pallets: () => [timestamp] });
  const set = (now: bigint): DispatchResult => chain.run(NONE, timestamp.calls.set, { now });
  for (const now of moments) {
    assertOk(chain, set(now));
    chain.advance(1n);
  }
  return { standstills: () => Standstills.get(chain.ctx), set };
};

it('a standstill is a time between two blocks that is too long for one to follow the other', () => {
  const { standstills } = blocksAt(50_000n, 70_000n, 90_001n, 91_000n, 200_000n);
  expect(standstills()).toEqual([
    { from: 70_000n, to: 90_001n },
    { from: 91_000n, to: 200_000n },
  ]);
});

it('the time before the first block is none, and only the latest ones are remembered', () => {
  const { standstills } = blocksAt(...Array.from({ length: 20 }, (_, block) => BigInt(block + 1) * 30_000n));
  expect(standstills()).toHaveLength(8);
  expect([standstills().at(0)?.from, standstills().at(-1)?.to]).toEqual([360_000n, 600_000n]);
});

it('a time that goes back, or a second one in a block, is no standstill', () => {
  const { standstills, set } = blocksAt(50_000n);
  expect(set(10_000n).ok).toBe(false);
  expect([set(50_001n).ok, set(500_000n).ok]).toEqual([true, false]);
  expect(standstills()).toEqual([]);
});
