import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { union } from '../../src/rpc/sorted-union.ts';

const SORTED = fc.uniqueArray(fc.string({ maxLength: 3 })).map((texts) => texts.sort());

function unionOf(lists: readonly (readonly string[])[]): readonly string[] {
  const steps = union(lists);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

describe('the union of sorted lists', () => {
  it('has all of them once and in order', () => {
    const check = (lists: string[][]): void => {
      expect(unionOf(lists)).toEqual([...new Set(lists.flat())].sort());
    };
    fc.assert(fc.property(fc.array(SORTED), check));
  });

  it('is found with stops', () => {
    const keys = (at: number): string[] => Array.from({ length: 200_000 }, (_, key) => `${1e6 + key}-${at}`);
    expect([...union([keys(0), keys(1)])].length).toBeGreaterThan(1);
  });
});
