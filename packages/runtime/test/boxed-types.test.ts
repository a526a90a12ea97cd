import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../src/index.ts';

type Metadata = ReturnType<(typeof metadataCodec)['dec']>['metadata'];
type Entry = Extract<Metadata, { tag: 'v14' | 'v15' | 'v16' }>['value']['lookup'][number];

const typesOf = (version: 14 | 15 | 16): readonly Entry[] => {
  const { metadata } = metadataCodec.dec(createRuntime().metadata(version));
  if (metadata.tag !== 'v14' && metadata.tag !== 'v15' && metadata.tag !== 'v16')
    throw new RangeError(metadata.tag);
  return metadata.value.lookup;
};

/** Types whose values lie inside of a value of this one, so that its size is not known before theirs. */
const insideOf = ({ def }: Entry): readonly number[] => {
  switch (def.tag) {
    case 'composite':
      return unboxed(def.value);
    case 'variant':
      return def.value.flatMap(({ fields }) => unboxed(fields));
    case 'tuple':
      return def.value;
    case 'array':
      return [def.value.type];
    default:
      return [];
  }
};

const unboxed = (fields: readonly { type: number; typeName: string | undefined }[]): readonly number[] =>
  fields.filter(({ typeName }) => !typeName?.includes('Box<')).map(({ type }) => type);

describe('metadata from which clients generate Rust', () => {
  it.each([14, 15, 16] as const)('has no type of infinite size (V%i)', (version) => {
    const types = typesOf(version);
    const finite = new Set<number>();
    const containing = (id: number, above: readonly number[]): readonly number[] | undefined => {
      if (above.includes(id)) return above.slice(above.indexOf(id));
      if (finite.has(id)) return undefined;
      for (const inner of insideOf(types[id]!)) {
        const cycle = containing(inner, [...above, id]);
        if (cycle) return cycle;
      }
      finite.add(id);
      return undefined;
    };
    const cycle = types.map(({ id }) => containing(id, [])).find((found) => found !== undefined);
    expect(cycle?.map((id) => types[id]?.path.join('::'))).toBeUndefined();
  });
});
