import type { PortableField, PortableType } from './portable.ts';

/**
 * Gives every field the name that its type has in source code (`Vec<u8>`, `Option<AccountId32>`). Types are found by id;
 * names are for people, but some clients cannot read a call whose fields have none.
 */
export const withTypeNames = (types: readonly PortableType[]): PortableType[] => {
  const named = (field: PortableField): PortableField => ({
    ...field,
    typeName: field.typeName ?? nameOf(types, field.type),
  });
  return types.map((type) => {
    const { def } = type;
    if (def.tag === 'composite') return { ...type, def: { ...def, value: def.value.map(named) } };
    if (def.tag !== 'variant') return type;
    const value = def.value.map((variant) => ({ ...variant, fields: variant.fields.map(named) }));
    return { ...type, def: { ...def, value } };
  });
};

/** Ends for every type: one that contains itself does so through a type with a path, whose insides are not named. */
const nameOf = (types: readonly PortableType[], id: number): string | undefined => {
  const type = types[id];
  if (!type) return undefined;
  return type.path.length > 0 ? pathName(types, type) : shapeName(types, type);
};

const names = (types: readonly PortableType[], ids: readonly (number | undefined)[]): string =>
  ids.map((id) => (id === undefined ? undefined : nameOf(types, id)) ?? '_').join(', ');

/** Only the generic types of the language itself (`Option`, `Result`) show what they hold. */
const pathName = (types: readonly PortableType[], { path, params }: PortableType): string | undefined => {
  const last = path.at(-1);
  if (path.length > 1 || params.length === 0) return last;
  return `${last}<${names(
    types,
    params.map(({ type }) => type),
  )}>`;
};

const shapeName = (types: readonly PortableType[], { def }: PortableType): string | undefined => {
  switch (def.tag) {
    case 'primitive':
      return def.value.tag === 'str' ? 'String' : def.value.tag;
    case 'compact':
      return `Compact<${names(types, [def.value])}>`;
    case 'sequence':
      return `Vec<${names(types, [def.value])}>`;
    case 'array':
      return `[${names(types, [def.value.type])}; ${def.value.len}]`;
    case 'tuple':
      return `(${names(types, def.value)})`;
    default:
      return undefined;
  }
};
