import { concatBytes } from '@hamster/frame';
import { compact, type PortableType, type TypeDef, u32 } from '@hamster/scale';
import { type MetadataFacts, typeAt } from './metadata.ts';

/** The shortest encoding of a type, and how many calls are inside of it. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly calls: number;
}

const NOTHING: Sample = { bytes: new Uint8Array(), calls: 0 };
const LENGTH = compact(u32);

type PrimitiveName = Extract<TypeDef, { tag: 'primitive' }>['value']['tag'];

export const PRIMITIVE_SIZES: Readonly<Record<Exclude<PrimitiveName, 'str'>, number>> = {
  bool: 1,
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  u128: 16,
};

const join = (samples: readonly Sample[]): Sample => ({
  bytes: concatBytes(...samples.map(({ bytes }) => bytes)),
  calls: samples.reduce((sum, { calls }) => sum + calls, 0),
});

const zeros = (length: number): Sample => ({ bytes: new Uint8Array(length), calls: 0 });

const sampleOfDef = (metadata: MetadataFacts, { def }: PortableType): Sample => {
  const of = (type: number): Sample => sampleOf(metadata, type);
  switch (def.tag) {
    case 'primitive':
      return zeros(def.value.tag === 'str' ? 1 : PRIMITIVE_SIZES[def.value.tag]);
    case 'compact':
    case 'sequence':
      return zeros(1);
    case 'array':
      return repeated(of(def.value.type), def.value.len);
    case 'tuple':
      return join(def.value.map(of));
    case 'composite':
      return join(def.value.map(({ type }) => of(type)));
    case 'variant': {
      const [first] = def.value;
      if (!first) return NOTHING;
      return join([
        { bytes: Uint8Array.of(first.index), calls: 0 },
        ...first.fields.map(({ type }) => of(type)),
      ]);
    }
  }
};

/** The shortest value of a type: zeros, empty lists, first variants. */
export const sampleOf = (metadata: MetadataFacts, type: number): Sample => {
  const { bytes, calls } = sampleOfDef(metadata, typeAt(metadata.types, type));
  return { bytes, calls: type === metadata.callType ? calls + 1 : calls };
};

const repeated = ({ bytes, calls }: Sample, times: number): Sample => {
  const all = new Uint8Array(bytes.length * times);
  if (bytes.some((byte) => byte !== 0)) {
    for (let index = 0; index < times; index += 1) all.set(bytes, index * bytes.length);
  }
  return { bytes: all, calls: calls * times };
};

/** A list of so many shortest values. */
export const listOf = (item: Sample, length: number): Sample =>
  join([{ bytes: LENGTH.encode(length), calls: 0 }, repeated(item, length)]);

export const callSample = (pallet: number, call: number, fields: readonly Sample[]): Sample =>
  join([{ bytes: Uint8Array.of(pallet, call), calls: 0 }, ...fields]);
