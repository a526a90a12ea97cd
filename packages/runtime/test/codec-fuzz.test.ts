import { compose } from '@hamster/frame';
import { type AnyType, ScaleError } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allPallets } from '../src/pallets.ts';
import { uncheckedExtrinsic } from '../src/extrinsic/definition.ts';
import { VERSION } from '../src/version.ts';

const composition = compose({
  name: 'hamster_runtime',
  pallets: allPallets({ slotDuration: 1_000n, version: VERSION }),
  now: () => 0n,
  blockNumber: () => 0,
  report: () => undefined,
});

/** These types and all that they are made of. */
const withParts = (roots: readonly AnyType[]): ReadonlySet<AnyType> => {
  const found = new Set<AnyType>();
  const visit = (type: AnyType): number => {
    if (found.has(type)) return 0;
    found.add(type);
    if (type.target) visit(type.target());
    else type.describe(visit);
    return 0;
  };
  roots.forEach(visit);
  return found;
};

const { outer, pallets } = composition;
const stored = pallets.flatMap(({ storage = [] }) => storage.flatMap(({ keys, value }) => [...keys, value]));
const types = withParts([outer.call, outer.event, outer.error, uncheckedExtrinsic(outer.call), ...stored]);

const nameOf = (type: AnyType): string => type.path.join('::') || type.describe(() => 0).tag;
const cases = [...types].map((type) => [nameOf(type), type] as const);

/** Lengths that promise more than there is: 2^30 - 1, 2^32 - 1, 2^62, and as much as a length can say. */
const PROMISES = [
  Uint8Array.of(0xfe, 0xff, 0xff, 0xff),
  Uint8Array.of(0x03, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0x13, 0, 0, 0, 0, 0, 0, 0, 0x40),
  new Uint8Array(68).fill(0xff),
];

const some = fc.uint8Array({ maxLength: 80 });
const hostile = fc.oneof(
  some,
  // Small numbers are tags that exist and lengths that fit.
  fc.array(fc.nat(12), { maxLength: 80 }).map((numbers) => Uint8Array.from(numbers)),
  fc
    .tuple(some, fc.constantFrom(...PROMISES), some)
    .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
);

/** The value, or undefined where the bytes are refused in the one way in which they may be. */
const decoded = (type: AnyType, bytes: Uint8Array): { readonly value: unknown } | undefined => {
  try {
    return { value: type.decode(bytes) };
  } catch (error) {
    if (error instanceof ScaleError) return undefined;
    throw error;
  }
};

describe('every type of the runtime', () => {
  it('is known here', () => {
    expect(types.size).toBeGreaterThan(200);
  });

  it.each(cases)('%s: any bytes are refused, or are the one encoding of their value', (_, type) => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        const found = decoded(type, bytes);
        if (found) expect(type.encode(found.value)).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it.each(cases.filter(([, type]) => !type.target && type.describe(() => 0).tag === 'sequence'))(
    '%s: a length that promises more than there is allocates nothing',
    (_, type) => {
      for (const promise of PROMISES) {
        expect(decoded(type, promise)).toBeUndefined();
        expect(decoded(type, Uint8Array.of(...promise, ...new Uint8Array(1_000)))).toBeUndefined();
      }
    },
  );
});
