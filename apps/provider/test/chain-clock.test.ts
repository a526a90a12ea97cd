import { expect, it } from 'vitest';
import { ChainClock } from '../src/chain/chain-clock.ts';

it('goes on by itself between blocks, is set by a later one and by no earlier one', () => {
  let steady = 500;
  const clock = new ChainClock(() => steady, 1_000_000);
  expect(clock.now()).toBe(1_000_000);
  steady += 3_000;
  expect([clock.now(), clock.blockTime()]).toEqual([1_003_000, 1_000_000]);
  clock.saw(1_002_000);
  expect([clock.now(), clock.blockTime()]).toEqual([1_003_000, 1_002_000]);
  clock.saw(9_000_000);
  expect([clock.now(), clock.blockTime()]).toEqual([9_000_000, 9_000_000]);
  clock.saw(1_002_000);
  expect(clock.blockTime()).toBe(9_000_000);
});
