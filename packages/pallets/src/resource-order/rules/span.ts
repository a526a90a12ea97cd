import { maxOf, minOf } from '@hamster/frame';

/** Milliseconds, `from` included, `to` not. */
export interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

export const overlap = (a: Span, b: Span | undefined): bigint =>
  b === undefined ? 0n : maxOf(0n, minOf(a.to, b.to) - maxOf(a.from, b.from));
