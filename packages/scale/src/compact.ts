import { ScaleError } from './errors.ts';
import type { IntegerType } from './primitives.ts';
import type { Reader } from './reader.ts';
import { defineType, type Type } from './type.ts';
import type { Writer } from './writer.ts';

const notCanonical = (): ScaleError =>
  new ScaleError('SCALE_NOT_CANONICAL', 'A compact integer is written longer than it has to be');

/** A whole number from 2^30 on that is exact: four to seven bytes. */
const writeExact = (writer: Writer, value: number): void => {
  const high = Math.floor(value / 2 ** 32);
  let size = 0;
  for (let rest = high; rest > 0; rest >>>= 8) size += 1;
  writer.u8((size << 2) | 3);
  writer.u32(value - high * 2 ** 32);
  for (let rest = high; rest > 0; rest >>>= 8) writer.u8(rest);
};

const writeLarge = (writer: Writer, value: bigint): void => {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n || bytes.length < 4; rest >>= 8n) bytes.push(Number(rest & 255n));
  writer.u8(((bytes.length - 4) << 2) | 3);
  writer.raw(Uint8Array.from(bytes));
};

/** Writes a non-negative integer in SCALE's compact form. */
export const writeCompact = (writer: Writer, value: number | bigint): void => {
  // A number is compared much quicker than a bigint, and is exact for nearly all that is written.
  const number = Number(value);
  if (number < 1 << 6) writer.u8(number << 2);
  else if (number < 1 << 14) writer.u16((number << 2) | 1);
  else if (number < 1 << 30) writer.u32(number * 4 + 2);
  else if (number <= Number.MAX_SAFE_INTEGER) writeExact(writer, number);
  else writeLarge(writer, BigInt(value));
};

const readLarge = (reader: Reader): bigint => {
  const bytes = reader.raw((reader.u8() >> 2) + 4);
  if (bytes.at(-1) === 0) throw notCanonical();
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (value < 1n << 30n) throw notCanonical();
  return value;
};

/** Reads a compact integer and insists on its shortest form: one value has one encoding. */
export const readCompact = (reader: Reader): number | bigint => {
  const mode = reader.peek() & 3;
  if (mode === 0) return reader.u8() >> 2;
  if (mode === 3) return readLarge(reader);
  const value = mode === 1 ? reader.u16() >> 2 : reader.u32() >>> 2;
  if (value < (mode === 1 ? 1 << 6 : 1 << 14)) throw notCanonical();
  return value;
};

/** Reads a length prefix; larger than 2^30 is never a length that fits in memory here. */
export const readLength = (reader: Reader): number => {
  const length = readCompact(reader);
  if (typeof length === 'bigint') {
    throw new ScaleError('SCALE_TOO_LONG', `A length prefix claims ${length} items`);
  }
  return length;
};

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isInteger(value);

const inRange = <T extends number | bigint>(
  value: number | bigint,
  type: IntegerType<T>,
): value is T | number => value >= 0 && value <= type.max && isWhole(value);

/** Compact form of an unsigned integer type; the value stays a number or a bigint as in `type`. */
export const compact = <T extends number | bigint>(type: IntegerType<T>): Type<T> => {
  const convert = (value: number | bigint): T =>
    (typeof type.max === 'bigint' ? BigInt(value) : Number(value)) as T;
  const maxExact = Math.min(Number(type.max), Number.MAX_SAFE_INTEGER);
  const check = (value: number | bigint): number | bigint => {
    const number = Number(value);
    if (number >= 0 && number <= maxExact && isWhole(value)) return value;
    if (inRange(value, type)) return value;
    throw new ScaleError('SCALE_OUT_OF_RANGE', `${value} is outside of 0..=${type.max}`);
  };
  return defineType<T>({
    encodeInto: (writer, value) => writeCompact(writer, check(value)),
    check,
    decodeFrom: (reader) => convert(check(readCompact(reader))),
    describe: (idOf) => ({ tag: 'compact', value: idOf(type) }),
    minSize: 1,
  });
};
