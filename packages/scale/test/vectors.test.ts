import { describe, expect, it } from 'vitest';
import {
  at,
  bool,
  boundedBytes,
  bytes,
  compact,
  fixedBytes,
  lazy,
  option,
  result,
  ScaleError,
  struct,
  text,
  tuple,
  type Type,
  u128,
  u16,
  u32,
  u64,
  u8,
  unit,
  variant,
  vec,
} from '../src/index.ts';

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const raw = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'hex'));

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ScaleError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

const Shape = variant('test::Shape', {
  Empty: null,
  Single: u8,
  Pair: [u8, u16],
  Named: at(9, { width: u32, name: text }),
});

/** The lower `size` bytes of a number, least first, by way of its digits. */
const littleEndian = (value: bigint, size: number): string =>
  hex(raw(value.toString(16).padStart(2 * size, '0')).reverse());

describe('integers on both sides of every power of two', () => {
  const near = Array.from({ length: 129 }, (_, bits) =>
    [-1n, 0n, 1n].map((step) => (1n << BigInt(bits)) + step),
  );
  const values = near.flat().filter((value) => value < 1n << 128n);

  it('are their bytes, least first', () => {
    for (const value of values) {
      expect(hex(u128.encode(value))).toBe(littleEndian(value, 16));
      expect(u128.decode(u128.encode(value))).toBe(value);
      if (value >= 1n << 64n) continue;
      expect(hex(u64.encode(value))).toBe(littleEndian(value, 8));
      expect(u64.decode(u64.encode(value))).toBe(value);
    }
  });

  it('are as few bytes as they need, behind their number, when they are large and compact', () => {
    for (const value of values) {
      expect(compact(u128).decode(compact(u128).encode(value))).toBe(value);
      if (value < 1n << 30n) continue;
      const size = Math.max(4, Math.ceil(value.toString(16).length / 2));
      expect(hex(compact(u128).encode(value))).toBe(
        littleEndian(BigInt(4 * (size - 4) + 3), 1) + littleEndian(value, size),
      );
    }
  });
});

describe('known encodings', () => {
  it.each([
    [u16.encode(42), '2a00'],
    [u32.encode(16777215), 'ffffff00'],
    [u64.encode(1n), '0100000000000000'],
    [u128.encode(1n << 64n), '00000000000000000100000000000000'],
    [bool.encode(true), '01'],
    [compact(u32).encode(0), '00'],
    [compact(u32).encode(42), 'a8'],
    [compact(u32).encode(69), '1501'],
    [compact(u32).encode(65535), 'feff0300'],
    [compact(u128).encode(100000000000000n), '0b00407a10f35a'],
    [compact(u32).encode(1 << 30), '0300000040'],
    [text.encode('Hamlet'), '1848616d6c6574'],
    [bytes.encode(raw('0102')), '080102'],
    [vec(u16).encode([4, 8, 15, 16, 23, 42]), '18040008000f00100017002a00'],
    [option(bool).encode(true), '0101'],
    [option(bool).encode(undefined), '00'],
    [result(u8, bool).encode({ ok: true, value: 42 }), '002a'],
    [result(u8, bool).encode({ ok: false, error: false }), '0100'],
    [tuple(compact(u32), bool).encode([3, false]), '0c00'],
    [Shape.encode({ type: 'Empty' }), '00'],
    [Shape.encode({ type: 'Pair', value: [1, 2] }), '02010200'],
    [Shape.encode({ type: 'Named', value: { width: 1, name: 'a' } }), '09010000000461'],
  ])('%#: %s', (encoded, expected) => {
    expect(hex(encoded)).toBe(expected);
  });

  it('decodes a struct field by field', () => {
    const Point = struct('test::Point', { x: u8, tags: vec(text), id: fixedBytes(2) });
    const point = { x: 7, tags: ['a', 'ü'], id: raw('beef') };
    expect(Point.decode(Point.encode(point))).toEqual(point);
  });
});

describe('hostile input', () => {
  it.each<[string, Type<unknown>, string, string]>([
    ['trailing bytes', u8, '0100', 'SCALE_TRAILING_BYTES'],
    ['a short integer', u64, '01', 'SCALE_END_OF_INPUT'],
    ['a length prefix of a billion', bytes, 'feffffff', 'SCALE_END_OF_INPUT'],
    ['a length prefix over 2^30', vec(u8), '0300000040', 'SCALE_TOO_LONG'],
    ['many items of size zero', vec(unit), 'feffffff', 'SCALE_TOO_LONG'],
    ['more than the bound', boundedBytes(1), '080102', 'SCALE_TOO_LONG'],
    ['a compact that is too long (2 bytes)', compact(u32), '0100', 'SCALE_NOT_CANONICAL'],
    ['a compact that is too long (4 bytes)', compact(u32), '02000000', 'SCALE_NOT_CANONICAL'],
    ['a compact that is too long (big)', compact(u128), '0301000000', 'SCALE_NOT_CANONICAL'],
    ['a big compact that ends in zero', compact(u128), '070000000100', 'SCALE_NOT_CANONICAL'],
    ['a compact outside of its type', compact(u8), '0104', 'SCALE_OUT_OF_RANGE'],
    ['text that is no UTF-8', text, '08c328', 'SCALE_INVALID_UTF8'],
    ['a bool of 2', bool, '02', 'SCALE_INVALID_BOOL'],
    ['an unknown variant', Shape, '03', 'SCALE_UNKNOWN_VARIANT'],
    ['an option of 2', option(u8), '0201', 'SCALE_UNKNOWN_VARIANT'],
  ])('refuses %s', (_, type, input, code) => {
    expect(codeOf(() => type.decode(raw(input)))).toBe(code);
  });

  it('refuses values that nest too deep', () => {
    type Nested =
      | { readonly type: 'Leaf'; readonly value?: undefined }
      | { readonly type: 'Node'; readonly value: Nested };
    const Tree: Type<Nested> = variant('test::Tree', { Leaf: null, Node: lazy((): Type<Nested> => Tree) });
    const deep = new Uint8Array(100_000).fill(1);
    expect(codeOf(() => Tree.decode(deep))).toBe('SCALE_TOO_DEEP');
  });

  it('refuses to encode what the type cannot hold', () => {
    expect(codeOf(() => u8.encode(256))).toBe('SCALE_OUT_OF_RANGE');
    expect(codeOf(() => u64.encode(-1n))).toBe('SCALE_OUT_OF_RANGE');
    expect(codeOf(() => boundedBytes(1).encode(raw('0102')))).toBe('SCALE_TOO_LONG');
    expect(codeOf(() => fixedBytes(2).encode(raw('01')))).toBe('SCALE_WRONG_LENGTH');
  });

  it('reads a view into a larger buffer at its own offset', () => {
    expect(u16.decode(raw('ff2a00ff').subarray(1, 3))).toBe(42);
  });
});
