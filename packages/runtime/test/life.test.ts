import fc from 'fast-check';
import { expect, it } from 'vitest';
import { history } from '../../pallets/test/market/chaos.ts';
import { Life } from './support/life.ts';

it('whatever anybody does on the whole runtime costs its fee, and makes or loses no money', () => {
  const outcomes = { ok: 0, failed: 0, refused: 0 };
  fc.assert(
    fc.property(history({ min: 10, max: 40 }), (steps) => {
      const { tally } = new Life().live(steps);
      outcomes.ok += tally.ok;
      outcomes.failed += tally.failed;
      outcomes.refused += tally.refused;
    }),
    { numRuns: 20 },
  );
  expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(0);
});
