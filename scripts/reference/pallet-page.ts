import { PRESETS } from '@hamster/runtime';
import { callInfo } from './call-info.ts';
import { code, GENERATED, page, paragraph, section, table } from './markdown.ts';
import { type Field, type Pallet, type Source, type Variant, variantsOf } from './metadata.ts';
import { typeName } from './type-names.ts';
import { inUnit } from './units.ts';

/** One page: all that the metadata says of a pallet, and what its parameters are on new chains. */
export function palletPage(source: Source, pallet: Pallet): string {
  return page(
    GENERATED,
    `# ${pallet.name}`,
    paragraph(pallet.docs),
    `Pallet ${pallet.index} of the runtime.`,
    section('Calls', calls(source, pallet)),
    section('Parameters', parameters(source, pallet)),
    section('Events', variants(source, pallet.events)),
    section('Errors', errors(source, pallet)),
    section('Storage', storage(source, pallet)),
    section('Constants', constants(source, pallet)),
    section('View functions', views(source, pallet)),
  );
}

const signature = (source: Source, name: string, fields: readonly Field[]): string =>
  `${name}(${fields.map((field) => `${field.name ?? '_'}: ${typeName(source, field.type)}`).join(', ')})`;

function calls(source: Source, pallet: Pallet): string {
  return variantsOf(source, pallet.calls)
    .map((call) => {
      const info = callInfo(source, pallet, call);
      return [
        `### ${call.name}`,
        code(signature(source, call.name, call.fields)),
        paragraph(call.docs),
        `Call ${pallet.index}.${call.index}; class ${info.class}; weight from ${info.milliseconds} ms.`,
      ].join('\n\n');
    })
    .join('\n\n');
}

function variants(source: Source, ref: { readonly type: number } | undefined): string {
  const rows = variantsOf(source, ref).map(({ name, fields, docs }: Variant) => [
    code(name),
    paragraph(docs),
    fields.map((field) => code(`${field.name ?? '_'}: ${typeName(source, field.type)}`)).join(' '),
  ]);
  return table(['event', 'when', 'fields'], rows);
}

const errors = (source: Source, pallet: Pallet): string =>
  table(
    ['error', 'what it says'],
    variantsOf(source, pallet.errors).map(({ name, docs }) => [code(name), paragraph(docs)]),
  );

type StorageItem = NonNullable<Pallet['storage']>['items'][number];

function shape(source: Source, { type }: StorageItem): string {
  if (type.tag === 'plain') return typeName(source, type.value);
  const hashers = type.value.hashers.map(({ tag }) => tag).join(', ');
  return `${hashers}: ${typeName(source, type.value.key)} → ${typeName(source, type.value.value)}`;
}

const storage = (source: Source, pallet: Pallet): string =>
  table(
    ['item', 'what it holds', 'type'],
    (pallet.storage?.items ?? []).map((item) => [
      code(item.name),
      paragraph(item.docs),
      code(shape(source, item)),
    ]),
  );

const constants = (source: Source, pallet: Pallet): string =>
  table(
    ['constant', 'meaning', 'type'],
    pallet.constants.map(({ name, docs, type }) => [
      code(name),
      paragraph(docs),
      code(typeName(source, type)),
    ]),
  );

const views = (source: Source, pallet: Pallet): string =>
  pallet.viewFns
    .map(({ name, inputs, output, docs }) => {
      const fields = inputs.map((input) => ({ ...input, docs: [] }));
      const answer = typeName(source, output);
      return [`### ${name}`, code(`${signature(source, name, fields)} → ${answer}`), paragraph(docs)].join(
        '\n\n',
      );
    })
    .join('\n\n');

/** The pallet's part of a preset's genesis, where its parameters stand as numbers and decimal text. */
function presetOf(preset: keyof typeof PRESETS, pallet: string): Readonly<Record<string, number | string>> {
  const name = pallet.charAt(0).toLowerCase() + pallet.slice(1);
  const part = PRESETS[preset][name] as
    { parameters?: Readonly<Record<string, number | string>> } | undefined;
  return part?.parameters ?? {};
}

function parameters(source: Source, pallet: Pallet): string {
  const item = pallet.storage?.items.find(({ name }) => name === 'Parameters');
  const def = item?.type.tag === 'plain' ? source.lookup[item.type.value]?.def : undefined;
  if (def?.tag !== 'composite') return '';
  const [dev, network] = [presetOf('dev', pallet.name), presetOf('local', pallet.name)];
  const shown = (value: number | string | undefined, docs: string): string =>
    value === undefined ? '' : inUnit(BigInt(value), docs);
  const rows = def.value.map((field) => {
    const [name, docs] = [field.name ?? '', paragraph(field.docs)];
    return [code(name), docs, shown(dev[name], docs), shown(network[name], docs)];
  });
  return [
    'Numbers of the rules. Genesis sets them; root changes them by `set_parameters`. With the values of the preset `dev`, whose',
    'times are short enough to watch, and of a public network.',
    '',
    table(['parameter', 'meaning', 'dev', 'public'], rows),
  ].join('\n');
}
