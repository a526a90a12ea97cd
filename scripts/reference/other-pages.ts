import { code, GENERATED, page, paragraph, table } from './markdown.ts';
import type { Api, PortableType, Source } from './metadata.ts';
import { isOwn, typeName } from './type-names.ts';

function apiMethods(source: Source, { name: api, methods }: Api): string {
  return methods
    .map(({ name, inputs, output, docs }) => {
      const args = inputs.map((input) => `${input.name}: ${typeName(source, input.type)}`).join(', ');
      const line = code(`${api}_${name}(${args}) → ${typeName(source, output)}`);
      return [`### ${api}_${name}`, line, paragraph(docs)].join('\n\n');
    })
    .join('\n\n');
}

/** What `state_call` answers. */
export function apisPage(source: Source): string {
  return page(
    GENERATED,
    '# Runtime APIs',
    'Questions to the rules, answered on the state of any block that a node still has: `state_call`, `chainHead_v1_call`,\n`archive_v1_call`. Clients that read metadata V15 or V16 call them with types.',
    ...source.apis.map((api) =>
      [`## ${api.name}`, `${paragraph(api.docs)} Version ${api.version}.`, apiMethods(source, api)].join(
        '\n\n',
      ),
    ),
  );
}

function typeEntry(source: Source, { path, def }: PortableType): string {
  const heading = `## ${path.at(-1) ?? ''}`;
  if (def.tag === 'composite') {
    const rows = def.value.map(({ name, type, docs }) => [
      code(name ?? '_'),
      code(typeName(source, type)),
      paragraph(docs),
    ]);
    return [heading, table(['field', 'type', 'meaning'], rows)].join('\n\n');
  }
  if (def.tag !== 'variant') return heading;
  const rows = def.value.map(({ name, fields }) => [
    code(name),
    fields
      .map((field) => code(`${field.name ? `${field.name}: ` : ''}${typeName(source, field.type)}`))
      .join(' '),
  ]);
  return [heading, table(['one of', 'with'], rows)].join('\n\n');
}

/** The types that this chain has beyond Substrate's own. */
export function typesPage(source: Source): string {
  const own = source.lookup.filter(isOwn).toSorted((a, b) => (a.path.join() < b.path.join() ? -1 : 1));
  return page(
    GENERATED,
    '# Types',
    'What calls, events, storage and runtime APIs of this chain are made of, beside the types that every Substrate chain has.\nMoney is planck (10¹² are one HAM); moments are ms since the beginning of 1970, UTC; memory is MiB, disk is GiB.',
    ...own.map((type) => typeEntry(source, type)),
  );
}

/** The list of all pages. */
export function indexPage(source: Source, fileOf: (pallet: string) => string): string {
  const rows = source.pallets.map(({ name, docs }) => [`[${name}](${fileOf(name)})`, paragraph(docs)]);
  return page(
    GENERATED,
    '# Reference of the chain',
    'What the chain offers to clients, as its metadata says it.',
    table(['pallet', 'what it does'], rows),
    '- [Runtime APIs](runtime-apis.md): offers, quotes, leases, what may be withdrawn, and what every Substrate chain has\n- [Types](types.md)',
  );
}
