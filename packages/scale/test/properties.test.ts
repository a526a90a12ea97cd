import { Bytes, compactBn, Option, str, Vector } from '@polkadot-api/substrate-bindings';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyType,
  bool,
  bytes,
  compact,
  decodeWith,
  type Infer,
  newtype,
  option,
  ScaleError,
  struct,
  text,
  u128,
  u32,
  u64,
  u8,
  unit,
  variant,
  vec,
  writeCompact,
  Writer,
} from '../src/index.ts';

const MAX_128 = (1n << 128n) - 1n;
const Everything = struct('test::Everything', {
  small: u8,
  money: compact(u128),
  when: u64,
  names: vec(text),
  note: option(bytes),
  kind: variant('test::Kind', { Off: null, On: { level: u32 } }),
});

const everything = fc.record({
  small: fc.nat(255),
  money: fc.bigInt(0n, MAX_128),
  when: fc.bigInt(0n, (1n << 64n) - 1n),
  names: fc.array(fc.string({ unit: 'grapheme' })),
  note: fc.option(fc.uint8Array(), { nil: undefined }),
  kind: fc.oneof(
    fc.constant({ type: 'Off' as const, value: undefined }),
    fc.nat().map((level) => ({ type: 'On' as const, value: { level } })),
  ),
});

describe('any value', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(everything, (value) => {
        expect(Everything.decode(Everything.encode(value))).toEqual(value);
      }),
    );
  });

  it('has one encoding only: what decodes, encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
        try {
          expect(Everything.encode(Everything.decode(input))).toEqual(input);
        } catch (error) {
          expect(error).toBeInstanceOf(ScaleError);
        }
      }),
    );
  });

  it('is the same where its parts are those of the bytes', () => {
    fc.assert(
      fc.property(everything, (value) => {
        const encoded = Everything.encode(value);
        const { note, ...decoded } = decodeWith(Everything, encoded, { shares: true });
        expect({ ...decoded, note: note?.slice() }).toEqual(value);
        if (note) expect(note.buffer).toBe(encoded.buffer);
        expect(Everything.decode(encoded).note?.buffer).not.toBe(encoded.buffer);
      }),
    );
    expect(() => decodeWith(u8, Uint8Array.of(1, 2), { shares: true })).toThrow(ScaleError);
  });

  it('encodes as another implementation does', () => {
    const names = Vector(str);
    const note = Option(Bytes());
    fc.assert(
      fc.property(everything, (value) => {
        expect(compact(u128).encode(value.money)).toEqual(compactBn.enc(value.money));
        expect(vec(text).encode(value.names)).toEqual(names.enc(value.names));
        expect(option(bytes).encode(value.note)).toEqual(note.enc(value.note));
      }),
    );
  });
});

describe('a check', () => {
  const Checked = struct('test::Checked', {
    tiny: u8,
    count: u32,
    total: u64,
    money: u128,
    shortest: compact(u32),
    most: compact(u128),
    isOn: bool,
    wrapped: newtype('test::Wrapped', u64),
    kind: variant('test::Choice', { None: null, Some: u8, Both: { low: u8, high: u64 } }),
  });
  // Of the type now and then: at its bounds, beyond them, and something else altogether.
  const odd = fc.constantFrom<unknown>(undefined, null, NaN, Infinity, 1.5, -1, -1n, '1', {}, []);
  const numbers = fc.constantFrom<unknown>(0, 1, 255, 256, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 53 + 2);
  const powers = [0n, 1n, 255n, 1n << 32n, 1n << 53n, 1n << 64n, 1n << 128n];
  const bigs = fc.constantFrom(...powers, ...powers.slice(1).map((power) => power - 1n));
  const values = (good: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 20, arbitrary: good }, { weight: 1, arbitrary: fc.oneof(odd, numbers, bigs) });
  const byte = values(fc.nat(255));
  const big = values(fc.bigInt(0n, (1n << 64n) - 1n));
  const kinds = fc.oneof(
    fc.constant({ type: 'None' }),
    fc.record({ type: fc.constant('Some'), value: byte }),
    fc.record({ type: fc.constant('Both'), value: values(fc.record({ low: byte, high: big })) }),
  );
  const anything = fc.record({
    tiny: byte,
    count: values(fc.nat()),
    total: big,
    money: values(fc.bigInt(0n, MAX_128)),
    shortest: values(fc.nat()),
    most: values(fc.bigInt(0n, MAX_128)),
    isOn: values(fc.boolean()),
    wrapped: big,
    kind: values(fc.oneof(kinds, fc.constant({ type: 'Other' }))),
  }) as fc.Arbitrary<Infer<typeof Checked>>;
  const fault = (action: () => unknown): unknown => {
    try {
      action();
      return undefined;
    } catch (error) {
      return error instanceof ScaleError ? error.message : (error as Error).name;
    }
  };

  it('throws what the encoding throws, and nothing where that has none to throw', () => {
    let [good, bad] = [0, 0];
    fc.assert(
      fc.property(anything, (value) => {
        const expected = fault(() => Checked.encode(value));
        if (expected === undefined) good += 1;
        else bad += 1;
        expect(fault(() => Checked.check?.(value))).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(good, bad)).toBeGreaterThan(100);
  });

  it('is there for types without bytes only, and for what is made of them', () => {
    expect(Checked.check).toBeDefined();
    const withBytes: AnyType[] = [bytes, text, vec(u8), struct('test::With', { level: u8, tag: bytes })];
    const inside = [
      ...withBytes,
      newtype('test::Tag', bytes),
      variant('test::Kind', { Off: null, On: text }),
    ];
    for (const type of inside) expect(type.check).toBeUndefined();
  });
});

describe('a length that promises more than there is', () => {
  const inner = struct('test::Pair', { a: u8, b: bytes });
  const decoders = {
    bytes,
    text,
    numbers: vec(u64),
    nothing: vec(unit),
    pairs: vec(inner),
    nested: vec(vec(bytes)),
  };
  const claims = [1 << 14, (1 << 30) - 1, 1n << 32n, (1n << 62n) - 1n];

  it.each(Object.keys(decoders) as (keyof typeof decoders)[])('allocates nothing for %s', (name) => {
    const type: AnyType = decoders[name];
    for (const claim of claims) {
      const writer = new Writer();
      writeCompact(writer, claim);
      const input = Uint8Array.of(...writer.finish(), 1, 2, 3);
      const before = process.memoryUsage();
      for (let count = 0; count < 50; count += 1) expect(() => type.decode(input)).toThrow(ScaleError);
      const after = process.memoryUsage();
      expect(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed).toBeLessThan(
        64 << 20,
      );
    }
  });

  it('is refused behind any other bytes, too', () => {
    const promise = Uint8Array.of(0xfe, 0xff, 0xff, 0xff);
    const cut = fc.record({ value: everything, at: fc.nat() });
    fc.assert(
      fc.property(cut, ({ value, at }) => {
        const valid = Everything.encode(value);
        const split = at % valid.length;
        const input = Uint8Array.of(...valid.subarray(0, split), ...promise, ...valid.subarray(split));
        try {
          Everything.decode(input);
        } catch (error) {
          expect(error).toBeInstanceOf(ScaleError);
        }
      }),
    );
  });
});
