import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  pausesOf,
  silenceAt,
  silenceBegan,
  silenceReaches,
  type Span,
} from '../../src/primitives/silence.ts';

const moment = fc.bigInt({ min: 0n, max: 300n });
const spans = fc.array(
  fc.tuple(moment, moment).map(([from, length]): Span => ({ from, to: from + length })),
  { maxLength: 5 },
);

/** Counts one millisecond after the other. */
const countSilence = (from: bigint, to: bigint, all: readonly Span[]): bigint => {
  let silence = 0n;
  for (let at = from; at < to; at += 1n)
    if (!all.some((span) => span.from <= at && at < span.to)) silence += 1n;
  return silence;
};

describe('silence', () => {
  it('does not count in a pause', () => {
    const pauses = [{ from: 100n, to: 160n }];
    expect(silenceAt(90n, 95n, pauses)).toBe(5n);
    expect(silenceAt(90n, 130n, pauses)).toBe(10n);
    expect(silenceAt(90n, 200n, pauses)).toBe(50n);
    expect(silenceAt(170n, 200n, pauses)).toBe(30n);
  });

  it('does not count twice where pauses overlap', () => {
    fc.assert(
      fc.property(moment, moment, spans, (last, length, all) => {
        const now = last + length;
        expect(silenceAt(last, now, pausesOf(all))).toBe(countSilence(last, now, all));
      }),
    );
  });

  it('reaches its length at the first moment that has it', () => {
    fc.assert(
      fc.property(moment, fc.bigInt({ min: 1n, max: 300n }), spans, (last, length, all) => {
        const pauses = pausesOf(all);
        const due = silenceReaches(last, length, pauses);
        expect(silenceAt(last, due, pauses)).toBe(length);
        expect(silenceAt(last, due - 1n, pauses)).toBe(length - 1n);
      }),
    );
  });

  it('began at the latest moment from which it is so long', () => {
    fc.assert(
      fc.property(moment, fc.bigInt({ min: 1n, max: 300n }), spans, (now, length, all) => {
        const pauses = pausesOf(all);
        const began = silenceBegan(now, length, pauses);
        expect(silenceAt(began, now, pauses)).toBe(length);
        expect(silenceAt(began + 1n, now, pauses)).toBe(length - 1n);
      }),
    );
  });
});
