import { expect, it } from 'vitest';
import { FinalityWatch } from '../src/chain/finality-watch.ts';

it('says once that blocks are no longer made final, and that they are again', () => {
  const lines: string[] = [];
  const note = (_: object, line: string): void => void lines.push(line);
  const watch = new FinalityWatch({ warn: note, info: note } as never);
  const saw = (best: number, final: number): void =>
    watch.saw({ best, final: { number: final, hash: '0x' } });
  saw(100, 0);
  expect(lines).toEqual([]);
  saw(101, 0);
  saw(500, 10);
  expect(lines).toEqual([expect.stringContaining('the last 101 blocks are not final')]);
  saw(501, 430);
  expect(lines).toHaveLength(1);
  saw(502, 500);
  saw(503, 501);
  expect(lines).toEqual([lines[0], 'blocks become final again']);
  saw(700, 501);
  expect(lines).toHaveLength(3);
});
