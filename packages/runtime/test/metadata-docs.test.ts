import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../src/index.ts';

const decoded = metadataCodec.dec(createRuntime().metadata(16)).metadata;
if (decoded.tag !== 'v16') throw new RangeError(decoded.tag);
const { pallets, apis, lookup } = decoded.value;

interface Documented {
  readonly name: string;
  readonly docs: readonly string[];
}

const variantsOf = (ref: { readonly type: number } | undefined): readonly Documented[] => {
  const def = ref && lookup[ref.type]?.def;
  return def?.tag === 'variant' ? def.value : [];
};

/** Names of what has no docs, or blank ones. */
const silent = (kind: string, owner: string, items: readonly Documented[]): string[] =>
  items.filter(({ docs }) => docs.join('').trim() === '').map(({ name }) => `${kind} ${owner}.${name}`);

describe('docs in the metadata', () => {
  it.each(pallets)(
    '$name documents itself, its calls, events, errors, storage, constants and views',
    (pallet) => {
      const { name, calls, events, errors, storage, constants, associatedTypes, viewFns } = pallet;
      expect([
        ...silent('pallet', 'runtime', [pallet]),
        ...silent('call', name, variantsOf(calls)),
        ...silent('event', name, variantsOf(events)),
        ...silent('error', name, variantsOf(errors)),
        ...silent('storage item', name, storage?.items ?? []),
        ...silent('constant', name, constants),
        ...silent('associated type', name, associatedTypes),
        ...silent('view function', name, viewFns),
      ]).toEqual([]);
    },
  );

  it.each(apis)('$name documents itself and its methods', (api) => {
    expect([...silent('runtime API', 'runtime', [api]), ...silent('method', api.name, api.methods)]).toEqual(
      [],
    );
  });

  it('of parameters say what each of the numbers means', () => {
    const parameters = lookup.filter(({ path }) => path.at(-1)?.endsWith('Parameters'));
    expect(parameters.length).toBeGreaterThanOrEqual(3);
    for (const { path, def } of parameters) {
      const fields = def.tag === 'composite' ? def.value : [];
      const undocumented = fields.filter(({ docs }) => docs.length === 0).map(({ name }) => name);
      expect(undocumented, path.join('::')).toEqual([]);
    }
  });
});
