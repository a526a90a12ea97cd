import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Line } from '../../src/pool/line.ts';

it('a line gives what came first, however long it is and however often it empties', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 3_000 }), fc.nat({ max: 3_000 })), { maxLength: 8 }),
      (rounds) => {
        const line = new Line<number>();
        let [pushed, taken] = [0, 0];
        for (const [pushes, takes] of rounds) {
          for (let each = 0; each < pushes; each++) line.push(pushed++);
          for (let each = 0; each < takes; each++)
            expect(line.take()).toBe(taken < pushed ? taken++ : undefined);
          expect(line.length).toBe(pushed - taken);
        }
      },
    ),
    { numRuns: 30 },
  );
});
