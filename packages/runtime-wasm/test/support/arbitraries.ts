import { compact, type PortableType, u128, u32 } from '@hamster/scale';
import { concatBytes } from '@hamster/frame';
import fc from 'fast-check';
import { type MetadataFacts, typeAt } from '../../src/facts/metadata.ts';
import { PRIMITIVE_SIZES } from '../../src/facts/sample.ts';

const LENGTH = compact(u32);
const LARGE = compact(u128);

const joined = (parts: readonly fc.Arbitrary<Uint8Array>[]): fc.Arbitrary<Uint8Array> =>
  fc.tuple(...parts).map((bytes) => concatBytes(...bytes));

const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

const listOf = (item: fc.Arbitrary<Uint8Array>, maxLength: number) =>
  fc.array(item, { maxLength }).map((items) => concatBytes(LENGTH.encode(items.length), ...items));

/** Short enough for every bound that the rules have and metadata does not tell. */
const MAX_ITEMS = 3;
const MAX_DEPTH = 3;

/** Encoded values of a type of the metadata, calls inside of calls too. */
export class Encodings {
  readonly #metadata: MetadataFacts;

  constructor(metadata: MetadataFacts) {
    this.#metadata = metadata;
  }

  call(depth = 0): fc.Arbitrary<Uint8Array> {
    return this.#variant(this.#def(this.#metadata.callType), depth + 1);
  }

  #def(type: number): PortableType['def'] {
    return typeAt(this.#metadata.types, type).def;
  }

  #of(type: number, depth: number): fc.Arbitrary<Uint8Array> {
    if (type === this.#metadata.callType) {
      return depth < MAX_DEPTH ? this.call(depth) : fc.constant(Uint8Array.of(0, 0, 0));
    }
    const def = this.#def(type);
    switch (def.tag) {
      case 'primitive':
        if (def.value.tag === 'bool') return fc.boolean().map((value) => Uint8Array.of(value ? 1 : 0));
        if (def.value.tag === 'str') return listOf(fc.constant(Uint8Array.of(65)), MAX_ITEMS);
        return fixed(PRIMITIVE_SIZES[def.value.tag]);
      case 'compact':
        return this.#compact(def.value);
      case 'sequence':
        return listOf(this.#of(def.value, depth), MAX_ITEMS);
      case 'array':
        return joined(Array.from({ length: def.value.len }, () => this.#of(def.value.type, depth)));
      case 'tuple':
        return joined(def.value.map((part) => this.#of(part, depth)));
      case 'composite':
        return joined(def.value.map((field) => this.#of(field.type, depth)));
      case 'variant':
        return this.#variant(def, depth);
    }
  }

  #compact(type: number): fc.Arbitrary<Uint8Array> {
    const def = this.#def(type);
    if (def.tag !== 'primitive' || def.value.tag === 'str') return fc.constant(new Uint8Array());
    const bits = 8n * BigInt(PRIMITIVE_SIZES[def.value.tag]);
    return fc.bigInt({ min: 0n, max: (1n << bits) - 1n }).map((value) => LARGE.encode(value));
  }

  #variant(def: PortableType['def'], depth: number): fc.Arbitrary<Uint8Array> {
    if (def.tag !== 'variant') throw new RangeError('not a variant');
    return fc.oneof(
      ...def.value.map(({ index, fields }) =>
        joined([fc.constant(Uint8Array.of(index)), ...fields.map(({ type }) => this.#of(type, depth))]),
      ),
    );
  }
}

/** The bytes with one of them changed, one left out, or one put in. */
export const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      at: fc.nat({ max: bytes.length - 1 }),
      byte: fc.integer({ min: 0, max: 255 }),
      how: fc.constantFrom('change', 'remove', 'insert', 'cut'),
    })
    .map(({ at, byte, how }) => {
      const [before, after] = [bytes.slice(0, at), bytes.slice(at)];
      if (how === 'cut') return before;
      if (how === 'insert') return concatBytes(before, Uint8Array.of(byte), after);
      const rest = after.slice(1);
      return how === 'remove' ? concatBytes(before, rest) : concatBytes(before, Uint8Array.of(byte), rest);
    });
