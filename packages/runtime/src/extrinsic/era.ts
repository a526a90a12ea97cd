import { at, type AnyType, defineType, type Shape, type Type, u8, variant } from '@hamster/scale';

/** How long a transaction is good: for ever, or for `period` blocks from the last block whose number is `phase` modulo `period`. */
export type Era =
  | { readonly type: 'Immortal' }
  | { readonly type: 'Mortal'; readonly period: number; readonly phase: number };

/** The same for all that have it: a pool is full of them. */
const IMMORTAL: Era = { type: 'Immortal' };
const MIN_PERIOD = 4;
const MAX_PERIOD = 65_536;

// Metadata describes the first byte as 256 variants.
const described: AnyType = variant(
  'sp_runtime::generic::era::Era',
  Object.fromEntries(
    Array.from({ length: 256 }, (_, index): [string, ReturnType<typeof at<Shape>>] =>
      index === 0 ? ['Immortal', at(0, null)] : [`Mortal${index}`, at(index, u8)],
    ),
  ),
);

const quantum = (period: number): number => Math.max(period >> 12, 1);

const encodeMortal = (period: number, phase: number): number => {
  const exponent = Math.min(Math.max(Math.log2(period) - 1, 1), 15);
  return exponent | (Math.trunc(phase / quantum(period)) << 4);
};

export const Era: Type<Era> = defineType<Era>({
  encodeInto(writer, era) {
    if (era.type === 'Immortal') writer.u8(0);
    else writer.u16(encodeMortal(era.period, era.phase));
  },
  decodeFrom(reader) {
    if (reader.peek() === 0) {
      reader.u8();
      return IMMORTAL;
    }
    const encoded = reader.u16();
    const period = 2 << (encoded & 15);
    const phase = (encoded >> 4) * quantum(period);
    return { type: 'Mortal', period, phase };
  },
  describe: described.describe,
  minSize: 1,
  path: described.path.join('::'),
});

/** Whether the era is one that Substrate would decode. */
export const isEraValid = (era: Era): boolean =>
  era.type === 'Immortal' || (era.period >= MIN_PERIOD && era.period <= MAX_PERIOD && era.phase < era.period);

/** Number of the block whose hash is signed along; 0 is genesis. */
export const birthOf = (era: Era, current: number): number => {
  if (era.type === 'Immortal') return 0;
  const { period, phase } = era;
  return Math.trunc((Math.max(current, phase) - phase) / period) * period + phase;
};

/** For how many blocks more the era lasts. */
export const remainingBlocks = (era: Era, current: number): bigint =>
  era.type === 'Immortal' ? (1n << 64n) - 1n : BigInt(birthOf(era, current) + era.period - current);
