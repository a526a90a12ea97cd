import { maxOf, minOf } from '@hamster/frame';
import { type Infer, struct, u64 } from '@hamster/scale';

/** Milliseconds, `from` included, `to` not. */
export const Span = struct('hamster_primitives::Span', { from: u64, to: u64 });
export type Span = Infer<typeof Span>;

/** Times in which silence does not count: apart from each other, the earliest first. */
export type Pauses = readonly Span[];

/** The same times, where they meet or overlap made one. */
export const pausesOf = (spans: readonly Span[]): Pauses =>
  spans
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .reduce<Span[]>((apart, span) => {
      const last = apart.at(-1);
      if (!last || last.to < span.from) return [...apart, span];
      return [...apart.slice(0, -1), { from: last.from, to: maxOf(last.to, span.to) }];
    }, []);

const overlap = (a: Span, b: Span): bigint => maxOf(0n, minOf(a.to, b.to) - maxOf(a.from, b.from));

/** Milliseconds from the last sign of life until `now`, without the pauses. */
export const silenceAt = (lastSign: bigint, now: bigint, pauses: Pauses): bigint =>
  pauses.reduce((silence, pause) => silence - overlap({ from: lastSign, to: now }, pause), now - lastSign);

/** The first moment at which the silence is `length` long. */
export const silenceReaches = (lastSign: bigint, length: bigint, pauses: Pauses): bigint => {
  let moment = lastSign + length;
  for (const { from, to } of pauses) {
    if (to <= lastSign) continue;
    if (moment <= maxOf(from, lastSign)) return moment;
    moment += to - maxOf(from, lastSign);
  }
  return moment;
};

/** When a silence began that is `length` long `now`: the latest such moment. */
export const silenceBegan = (now: bigint, length: bigint, pauses: Pauses): bigint => {
  let moment = now - length;
  for (const { from, to } of pauses.toReversed()) {
    if (from >= now) continue;
    if (moment >= minOf(to, now)) return moment;
    moment -= minOf(to, now) - from;
  }
  return moment;
};
