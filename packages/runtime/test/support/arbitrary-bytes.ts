import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { writeCompact, Writer } from '@hamster/scale';
import fc from 'fast-check';
import type { HamsterRuntime } from '../../src/index.ts';

type Metadata = Extract<ReturnType<typeof metadataCodec.dec>['metadata'], { tag: 'v15' }>['value'];
type Lookup = Metadata['lookup'];

/** Choices that fast-check can make smaller: when they run out, every choice is the first one. */
class Choices {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  below(bound: number): number {
    return this.byte() % bound;
  }
}

const SIZES: Readonly<Record<string, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  u128: 16,
  u256: 32,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  i128: 16,
  i256: 32,
  char: 4,
};

/** Bytes of compact integers, as far as their type has so many: small numbers are the most common, then sums of money. */
const COMPACT_BYTES = [1, 1, 1, 2, 4, 6, 8, 16];

const MAX_ITEMS = 4;
const ACCOUNT_LENGTH = 32;

/** Encodes some value of any type that metadata describes. */
class Encoder {
  readonly #writer = new Writer();
  readonly #lookup: Lookup;
  readonly #choices: Choices;
  readonly #accounts: readonly Uint8Array[];

  constructor(lookup: Lookup, choices: Choices, accounts: readonly Uint8Array[]) {
    this.#lookup = lookup;
    this.#choices = choices;
    this.#accounts = accounts;
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }

  write(id: number): void {
    const def = this.#lookup[id]?.def;
    if (!def) throw new RangeError(`metadata has no type ${id}`);
    switch (def.tag) {
      case 'primitive':
        return this.#primitive(def.value.tag);
      case 'compact':
        return this.#compact(def.value);
      case 'sequence':
        return this.#sequence(def.value);
      case 'array':
        return this.#array(def.value.type, def.value.len);
      case 'tuple':
        return def.value.forEach((part) => this.write(part));
      case 'composite':
        return def.value.forEach(({ type }) => this.write(type));
      case 'variant':
        return this.#variant(def.value);
      default:
        throw new RangeError(`no type here is a ${def.tag}`);
    }
  }

  #primitive(name: string): void {
    if (name === 'bool') return this.#writer.u8(this.#choices.below(2));
    if (name === 'str') return this.#text();
    // Mostly small numbers: ids, hours and sizes that exist.
    const size = SIZES[name] ?? 1;
    const used = this.#choices.below(4) === 0 ? size : 1;
    for (let index = 0; index < size; index += 1) this.#writer.u8(index < used ? this.#choices.byte() : 0);
  }

  #text(): void {
    const length = this.#choices.below(8);
    writeCompact(this.#writer, length);
    for (let index = 0; index < length; index += 1) this.#writer.u8(97 + this.#choices.below(26));
  }

  #compact(inner: number): void {
    const def = this.#lookup[inner]?.def;
    if (def?.tag !== 'primitive') return;
    const wanted = COMPACT_BYTES[this.#choices.below(COMPACT_BYTES.length)] ?? 1;
    const bytes = Math.min(wanted, SIZES[def.value.tag] ?? 1);
    let value = 0n;
    for (let index = 0; index < bytes; index += 1) value = (value << 8n) | BigInt(this.#choices.byte());
    writeCompact(this.#writer, bytes === 1 ? value & 63n : value);
  }

  #sequence(item: number): void {
    const length = this.#choices.below(MAX_ITEMS);
    writeCompact(this.#writer, length);
    for (let index = 0; index < length; index += 1) this.write(item);
  }

  #array(item: number, length: number): void {
    const known = this.#accounts[this.#choices.below(this.#accounts.length + 1)];
    if (length === ACCOUNT_LENGTH && known) return this.#writer.raw(known);
    for (let index = 0; index < length; index += 1) this.write(item);
  }

  #variant(
    arms: readonly { readonly index: number; readonly fields: readonly { readonly type: number }[] }[],
  ): void {
    const arm = arms[this.#choices.below(Math.max(1, arms.length))];
    if (!arm) return;
    this.#writer.u8(arm.index);
    for (const { type } of arm.fields) this.write(type);
  }
}

/** What the metadata of a runtime says, for making bytes of its types. */
export const typesOf = (runtime: HamsterRuntime, accounts: readonly Uint8Array[]) => {
  const decoded = metadataCodec.dec(runtime.metadata(15)).metadata;
  if (decoded.tag !== 'v15') throw new RangeError(decoded.tag);
  const { lookup, apis, outerEnums } = decoded.value;
  const encoded = (types: readonly number[]): fc.Arbitrary<Uint8Array> =>
    fc.uint8Array({ maxLength: 96 }).map((bytes) => {
      const encoder = new Encoder(lookup, new Choices(bytes), accounts);
      for (const type of types) encoder.write(type);
      return encoder.finish();
    });
  return {
    /** Well-formed calls. */
    calls: encoded([outerEnums.call]),
    /** Each method of each runtime API, with well-formed arguments. */
    methods: apis.flatMap(({ name, methods }) =>
      methods.map((method) => ({
        method: `${name}_${method.name}`,
        args: encoded(method.inputs.map(({ type }) => type)),
      })),
    ),
  };
};

/** Lengths that promise far more than there is: 2^30 - 1, and 2^62. */
const PROMISES = [Uint8Array.of(0xfe, 0xff, 0xff, 0xff), Uint8Array.of(0x13, 0, 0, 0, 0, 0, 0, 0, 0x40)];

/** Bytes as somebody with bad intentions would change them: overwritten, cut, repeated, with a false length in between. */
export const damaged = (valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .record({
      valid,
      at: fc.nat(),
      kind: fc.constantFrom('overwrite', 'cut', 'repeat', 'promise', 'append'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
      promise: fc.constantFrom(...PROMISES),
    })
    .map(({ valid: input, at, kind, bytes, promise }) => {
      const split = at % (input.length + 1);
      const [head, tail] = [input.subarray(0, split), input.subarray(split)];
      const middle = {
        overwrite: [bytes, tail.subarray(bytes.length)],
        cut: [],
        repeat: [head, tail],
        promise: [promise, tail],
        append: [tail, bytes],
      }[kind];
      return new Uint8Array(Buffer.concat([head, ...middle]));
    });
