import { metadata } from '@polkadot-api/substrate-bindings';
import { newtype, type PortableType, TypeRegistry, unit } from '@hamster/scale';
import type { Composition } from '../compose.ts';
import type { ApiDefinition, ExtrinsicDefinition } from './definition.ts';
import { type DescribedPallet, describePallet } from './describe-pallet.ts';

export type MetadataVersion = 14 | 15 | 16;

export interface MetadataSource {
  readonly composition: Composition;
  readonly extrinsic: ExtrinsicDefinition;
  readonly apis: readonly ApiDefinition[];
}

/** "meta", little-endian. */
const MAGIC = 0x6174656d;

const NOT_DEPRECATED = { tag: 'NotDeprecated', value: undefined } as const;

const describeApis = ({ idOf }: TypeRegistry, apis: readonly ApiDefinition[]) =>
  apis.map(({ name, version, methods, docs = [] }) => ({
    name,
    version,
    docs: [...docs],
    deprecationInfo: NOT_DEPRECATED,
    methods: methods.map((method) => ({
      name: method.name,
      inputs: method.inputs.map(([input, type]) => ({ name: input, type: idOf(type) })),
      output: idOf(method.output),
      docs: [...(method.docs ?? [])],
      deprecationInfo: NOT_DEPRECATED,
    })),
  }));

/** All that some version needs. Every version describes every type, so that ids are the same in all of them. */
const collect = ({ composition, extrinsic, apis }: MetadataSource) => {
  const registry = new TypeRegistry();
  const { idOf } = registry;
  const { outer, pallets, name } = composition;
  return {
    pallets: pallets.map((pallet) => describePallet(registry, outer, pallet)),
    extrinsic: {
      version: extrinsic.version,
      type: idOf(extrinsic.type),
      address: idOf(extrinsic.address),
      call: idOf(outer.call),
      signature: idOf(extrinsic.signature),
      extra: idOf(extrinsic.extra),
      signedExtensions: extrinsic.extensions.map(({ identifier, type, additionalSigned }) => ({
        identifier,
        type: idOf(type),
        additionalSigned: idOf(additionalSigned),
      })),
    },
    apis: describeApis(registry, apis),
    outerEnums: { call: idOf(outer.call), event: idOf(outer.event), error: idOf(outer.error) },
    type: idOf(newtype(`${name}::Runtime`, unit)),
    lookup: registry.list(),
    custom: [],
  };
};

type Collected = ReturnType<typeof collect>;

const mutableLookup = (lookup: readonly PortableType[]) => [...lookup];

const v14 = ({ lookup, pallets, extrinsic, type }: Collected) => ({
  lookup: mutableLookup(lookup),
  pallets,
  extrinsic,
  type,
  apis: [],
});

const v15 = ({ lookup, ...rest }: Collected) => ({ lookup: mutableLookup(lookup), ...rest });

const withDeprecations = (type: number | undefined) =>
  type === undefined ? undefined : { type, deprecationInfo: [] };

const v16Pallet = (pallet: DescribedPallet) => ({
  ...pallet,
  calls: withDeprecations(pallet.calls),
  events: withDeprecations(pallet.events),
  errors: withDeprecations(pallet.errors),
});

const v16 = ({ lookup, pallets, extrinsic, apis, outerEnums, custom }: Collected) => ({
  lookup: mutableLookup(lookup),
  pallets: pallets.map(v16Pallet),
  extrinsic: {
    ...extrinsic,
    version: [extrinsic.version],
    signedExtensionsByVersion: [
      [0, extrinsic.signedExtensions.map((_, index) => index)] as [number, number[]],
    ],
  },
  apis,
  outerEnums,
  custom,
});

/** Encoded metadata with its "meta" prefix. */
export const buildMetadata = (source: MetadataSource, version: MetadataVersion): Uint8Array => {
  const collected = collect(source);
  const versioned = {
    14: () => ({ tag: 'v14' as const, value: v14(collected) }),
    15: () => ({ tag: 'v15' as const, value: v15(collected) }),
    16: () => ({ tag: 'v16' as const, value: v16(collected) }),
  }[version]();
  return metadata.enc({ magicNumber: MAGIC, metadata: versioned });
};
