import { toHex } from '@hamster/crypto';
import { type AnyType, tuple, type TypeRegistry } from '@hamster/scale';
import type { OuterTypes } from '../outer.ts';
import type { PalletDefinition } from '../pallet.ts';
import type { StorageItem } from '../storage/item.ts';
import { viewFunctionId } from '../view-function.ts';

const NOT_DEPRECATED = { tag: 'NotDeprecated', value: undefined } as const;
const NOTHING = '0x00';

const keyType = (keys: readonly AnyType[]): AnyType => {
  const [only] = keys;
  return only && keys.length === 1 ? only : tuple(...keys);
};

const storageType = ({ idOf }: TypeRegistry, item: StorageItem) => {
  const value = idOf(item.value);
  if (item.keys.length === 0) return { tag: 'plain' as const, value };
  const hashers = item.hashers.map((tag) => ({ tag, value: undefined }));
  return { tag: 'map' as const, value: { hashers, key: idOf(keyType(item.keys)), value } };
};

const describeItem = (registry: TypeRegistry, item: StorageItem) => ({
  name: item.name,
  modifier: item.fallback === undefined ? 0 : 1,
  type: storageType(registry, item),
  fallback: item.fallback === undefined ? NOTHING : toHex(item.fallback),
  docs: [...item.docs],
  deprecationInfo: NOT_DEPRECATED,
});

const describeConstants = ({ idOf }: TypeRegistry, { constants = {} }: PalletDefinition) =>
  Object.entries(constants).map(([name, { type, value, docs }]) => ({
    name,
    type: idOf(type),
    value: toHex(type.encode(value)),
    docs: [...docs],
    deprecationInfo: NOT_DEPRECATED,
  }));

const describeAssociatedTypes = ({ idOf }: TypeRegistry, { associatedTypes = {} }: PalletDefinition) =>
  Object.entries(associatedTypes).map(([name, { type, docs }]) => ({
    name,
    type: idOf(type),
    docs: [...docs],
  }));

const describeViews = ({ idOf }: TypeRegistry, { name: pallet, viewFunctions = {} }: PalletDefinition) =>
  Object.entries(viewFunctions).map(([name, view]) => ({
    id: toHex(viewFunctionId(pallet, name, view)),
    name,
    inputs: Object.entries(view.inputs).map(([input, type]) => ({ name: input, type: idOf(type) })),
    output: idOf(view.output),
    docs: [...view.docs],
    deprecationInfo: NOT_DEPRECATED,
  }));

/** A pallet with all that any version of metadata says of it. */
export const describePallet = (registry: TypeRegistry, outer: OuterTypes, pallet: PalletDefinition) => {
  const calls = outer.callOf.get(pallet.name);
  const storage = pallet.storage ?? [];
  return {
    name: pallet.name,
    index: pallet.index,
    docs: [...(pallet.docs ?? [])],
    storage:
      storage.length === 0
        ? undefined
        : { prefix: pallet.name, items: storage.map((item) => describeItem(registry, item)) },
    calls: calls && registry.idOf(calls),
    events: pallet.events && registry.idOf(pallet.events.type),
    errors: pallet.errors && registry.idOf(pallet.errors.type),
    constants: describeConstants(registry, pallet),
    associatedTypes: describeAssociatedTypes(registry, pallet),
    viewFns: describeViews(registry, pallet),
    deprecationInfo: NOT_DEPRECATED,
  };
};

export type DescribedPallet = ReturnType<typeof describePallet>;
