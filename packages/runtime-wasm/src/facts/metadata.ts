import { fromHex } from '@hamster/crypto';
import type { PortableType } from '@hamster/scale';
import { decAnyMetadata } from '@polkadot-api/substrate-bindings';
import { RuntimeWasmError } from '../errors.ts';

export interface PalletFacts {
  readonly name: string;
  readonly index: number;
  readonly constants: ReadonlyMap<string, Uint8Array>;
}

/** What metadata (V15) says that the program has to know. */
export interface MetadataFacts {
  readonly types: readonly PortableType[];
  /** Id of `RuntimeCall`. */
  readonly callType: number;
  readonly pallets: readonly PalletFacts[];
  /** Names on the wire of all runtime APIs, such as "Core_version". */
  readonly methods: readonly string[];
}

export const readMetadata = (encoded: Uint8Array): MetadataFacts => {
  const { metadata } = decAnyMetadata(encoded);
  if (metadata.tag !== 'v15') {
    throw new RuntimeWasmError('METADATA_INCOMPLETE', `Expected metadata V15, got ${metadata.tag}`);
  }
  const { lookup, pallets, outerEnums, apis } = metadata.value;
  return {
    // The codec is the one that wrote it, from this very type.
    types: lookup as readonly PortableType[],
    callType: outerEnums.call,
    pallets: pallets.map(({ name, index, constants }) => ({
      name,
      index,
      constants: new Map(constants.map((constant) => [constant.name, fromHex(constant.value)])),
    })),
    methods: apis.flatMap(({ name, methods }) => methods.map((method) => `${name}_${method.name}`)),
  };
};

/** The encoded value of a pallet's constant. @throws RuntimeWasmError METADATA_INCOMPLETE */
export const constantOf = ({ pallets }: MetadataFacts, pallet: string, name: string): Uint8Array => {
  const value = pallets.find((candidate) => candidate.name === pallet)?.constants.get(name);
  if (value) return value;
  throw new RuntimeWasmError('METADATA_INCOMPLETE', `The metadata has no constant ${pallet}.${name}`);
};

export const typeAt = (types: readonly PortableType[], id: number): PortableType => {
  const type = types[id];
  if (type) return type;
  throw new RuntimeWasmError('METADATA_INCOMPLETE', `The metadata has no type ${id}`);
};
