import { ScaleError } from './errors.ts';
import type { PrimitiveName } from './portable.ts';
import type { Reader } from './reader.ts';
import { defineType, type Type } from './type.ts';
import type { Writer } from './writer.ts';

/** An unsigned integer; `max` is what `compact` needs to check its range. */
export interface IntegerType<T extends number | bigint> extends Type<T> {
  readonly max: T;
}

const describePrimitive = (tag: PrimitiveName) => () =>
  ({ tag: 'primitive', value: { tag, value: undefined } }) as const;

const outOfRange = (name: string, value: unknown): ScaleError =>
  new ScaleError('SCALE_OUT_OF_RANGE', `${String(value)} (${typeof value}) is not a ${name}`);

/** `value`, if it is one of the type's. */
const checkedSmall = (name: string, max: number, value: number): number => {
  if (!Number.isInteger(value) || value < 0 || value > max) throw outOfRange(name, value);
  return value;
};

/** As `checkedSmall`. */
const checkedBig = (name: string, max: bigint, value: bigint): bigint => {
  if (typeof value !== 'bigint' || value < 0n || value > max) throw outOfRange(name, value);
  return value;
};

/** `encodeInto` is a function of its own for each type: one for all of them would have to find its way each time. */
const smallInteger = (
  name: 'u8' | 'u16' | 'u32',
  size: number,
  encodeInto: (writer: Writer, value: number) => void,
): IntegerType<number> => {
  const max = 2 ** (8 * size) - 1;
  const type = defineType<number>({
    encodeInto,
    check: (value) => checkedSmall(name, max, value),
    decodeFrom: (reader) => reader[name](),
    describe: describePrimitive(name),
    minSize: size,
  });
  return { ...type, max };
};

const bigInteger = (
  name: 'u64' | 'u128',
  size: number,
  encodeInto: (writer: Writer, value: bigint) => void,
): IntegerType<bigint> => {
  const max = (1n << BigInt(8 * size)) - 1n;
  const type = defineType<bigint>({
    encodeInto,
    check: (value) => checkedBig(name, max, value),
    decodeFrom: (reader) => reader[name](),
    describe: describePrimitive(name),
    minSize: size,
  });
  return { ...type, max };
};

const MAX_U64 = (1n << 64n) - 1n;
const MAX_U128 = (1n << 128n) - 1n;

export const u8 = smallInteger('u8', 1, (writer, value) => writer.u8(checkedSmall('u8', 0xff, value)));
export const u16 = smallInteger('u16', 2, (writer, value) => writer.u16(checkedSmall('u16', 0xffff, value)));
export const u32 = smallInteger('u32', 4, (writer, value) =>
  writer.u32(checkedSmall('u32', 0xffff_ffff, value)),
);
export const u64 = bigInteger('u64', 8, (writer, value) => writer.u64(checkedBig('u64', MAX_U64, value)));
export const u128 = bigInteger('u128', 16, (writer, value) =>
  writer.u128(checkedBig('u128', MAX_U128, value)),
);

const readBool = (reader: Reader): boolean => {
  const byte = reader.u8();
  if (byte > 1) throw new ScaleError('SCALE_INVALID_BOOL', `A bool is 0 or 1, not ${byte}`);
  return byte === 1;
};

export const bool: Type<boolean> = defineType({
  encodeInto: (writer, value) => writer.u8(value ? 1 : 0),
  check: () => undefined,
  decodeFrom: readBool,
  describe: describePrimitive('bool'),
  minSize: 1,
});
