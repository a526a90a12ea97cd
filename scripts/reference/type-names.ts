import type { PortableType, Source } from './metadata.ts';

/** Types that have an entry on the page of types. */
export function isOwn({ path }: Pick<PortableType, 'path'>): boolean {
  return path[0] === 'hamster_primitives';
}

/** A type as one would write it in Rust: `Option<Vec<AccountId32>>`. */
export function typeName(source: Source, id: number): string {
  const found = source.lookup[id];
  if (!found) return `type ${id}`;
  const { path, params } = found;
  if (path.length === 1) return `${path[0]}<${params.map(({ type }) => nameOf(source, type)).join(', ')}>`;
  if (path.at(-1) === 'Call' || path.at(-1) === 'Error') return path.join('::');
  return path.at(-1) ?? shapeName(source, found);
}

const nameOf = (source: Source, id: number | undefined): string =>
  id === undefined ? '_' : typeName(source, id);

function shapeName(source: Source, { def }: PortableType): string {
  switch (def.tag) {
    case 'primitive':
      return def.value.tag;
    case 'compact':
      return `Compact<${typeName(source, def.value)}>`;
    case 'sequence':
      return sequenceName(typeName(source, def.value));
    case 'array':
      return `[${typeName(source, def.value.type)}; ${def.value.len}]`;
    case 'tuple':
      return `(${def.value.map((part) => typeName(source, part)).join(', ')})`;
    default:
      return '{ … }';
  }
}

const sequenceName = (item: string): string => (item === 'u8' ? 'Bytes' : `Vec<${item}>`);
