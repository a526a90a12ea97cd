import { metadata, v14Lookup } from '@polkadot-api/substrate-bindings';
import { newtype, TypeRegistry, unit } from '@hamster/scale';
import { concatBytes } from '../bytes.ts';
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

// The types are the same bytes in every version, and most of the work: they are encoded once, and put in afterwards.
const NO_TYPES: never[] = [];
/** "meta", the version; behind them the empty list of types. */
const TYPES_AT = 5;

const withTypes = (bytes: Uint8Array, types: Uint8Array): Uint8Array =>
  concatBytes(bytes.subarray(0, TYPES_AT), types, bytes.subarray(TYPES_AT + 1));

const v14 = ({ pallets, extrinsic, type }: Collected) => ({
  lookup: NO_TYPES,
  pallets,
  extrinsic,
  type,
  apis: [],
});

const v15 = (collected: Collected) => ({ ...collected, lookup: NO_TYPES });

const withDeprecations = (type: number | undefined) =>
  type === undefined ? undefined : { type, deprecationInfo: [] };

const v16Pallet = (pallet: DescribedPallet) => ({
  ...pallet,
  calls: withDeprecations(pallet.calls),
  events: withDeprecations(pallet.events),
  errors: withDeprecations(pallet.errors),
});

const v16 = ({ pallets, extrinsic, apis, outerEnums, custom }: Collected) => ({
  lookup: NO_TYPES,
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

const encodeVersion = (collected: Collected, version: MetadataVersion): Uint8Array => {
  const versioned = {
    14: () => ({ tag: 'v14' as const, value: v14(collected) }),
    15: () => ({ tag: 'v15' as const, value: v15(collected) }),
    16: () => ({ tag: 'v16' as const, value: v16(collected) }),
  }[version]();
  return metadata.enc({ magicNumber: MAGIC, metadata: versioned });
};

/** Encodes metadata, with its "meta" prefix, in any version; each is made when it is asked for first, and kept. */
export const metadataBuilder = (source: () => MetadataSource): ((version: MetadataVersion) => Uint8Array) => {
  const built = new Map<MetadataVersion, Uint8Array>();
  let common: { readonly collected: Collected; readonly types: Uint8Array } | undefined;
  const describe = () => {
    const collected = collect(source());
    return { collected, types: v14Lookup.enc([...collected.lookup]) };
  };
  return (version) => {
    common ??= describe();
    const known = built.get(version) ?? withTypes(encodeVersion(common.collected, version), common.types);
    built.set(version, known);
    return known;
  };
};
