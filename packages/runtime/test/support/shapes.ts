import type { metadata } from '@polkadot-api/substrate-bindings';

type Metadata = ReturnType<(typeof metadata)['dec']>['metadata'];
export type MetadataV15 = Extract<Metadata, { tag: 'v15' }>['value'];
type Lookup = MetadataV15['lookup'];
type Entry = Lookup[number];
type Field = { readonly name: string | undefined; readonly type: number };

/** A bound is nothing that is encoded; nor is it whether text is borrowed. */
const TRANSPARENT = /^(bounded_collections::|Cow$)/;
const RUNTIME = /^\w+_runtime::(?=Runtime|OriginCaller)/;

interface Shape {
  readonly text: string;
  /** Whether what is encoded by this one is decoded by the other one: each of its variants is there, with the same fields. */
  isPartOf(other: Shape): boolean;
  readonly variants: readonly string[] | undefined;
}

/** Types of a chain as text, from which those of two chains can be told apart. */
export class Shapes {
  readonly #lookup: Lookup;
  readonly #byPath: ReadonlyMap<string, readonly Entry[]>;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
    this.#byPath = Map.groupBy(lookup, ({ path }) => path.join('::'));
  }

  paths(): readonly string[] {
    return [...this.#byPath.keys()];
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  /** All types of this path, which are several where it is generic; without the variants that `but` matches. */
  of(path: string, but?: RegExp): readonly Shape[] {
    return (this.#byPath.get(path) ?? []).map((entry) => {
      const variants = this.#variants(entry)?.filter((variant) => !but?.test(variant));
      return shape(this.#structure(entry), variants);
    });
  }

  /** A type as it is named inside of others: by its path, or by what it is made of where it has none. */
  name(id: number): string {
    const entry = this.#lookup[id];
    if (!entry) throw new RangeError(`There is no type ${id}`);
    const path = entry.path.join('::');
    if (TRANSPARENT.test(path) && entry.def.tag === 'composite')
      return this.name(entry.def.value[0]?.type ?? NaN);
    return path.includes('::') ? path.replace(RUNTIME, '') : this.#structure(entry);
  }

  #structure({ path, def }: Entry): string {
    switch (def.tag) {
      case 'composite':
        return this.#fields(def.value);
      case 'variant':
        return `${path.join('::')}<${this.#variants({ def })?.join('|') ?? ''}>`;
      case 'tuple':
        return `(${def.value.map((id) => this.name(id)).join()})`;
      case 'sequence':
        return `[${this.name(def.value)}]`;
      case 'array':
        return `[${this.name(def.value.type)}; ${def.value.len}]`;
      case 'compact':
        return `Compact<${this.name(def.value)}>`;
      case 'primitive':
        return def.value.tag;
      default:
        return def.tag;
    }
  }

  #fields(fields: readonly Field[]): string {
    return `{${fields.map(({ name, type }) => `${name ?? ''}: ${this.name(type)}`).join()}}`;
  }

  #variants({ def }: Pick<Entry, 'def'>): readonly string[] | undefined {
    if (def.tag !== 'variant') return undefined;
    return def.value.map(({ index, name, fields }) => `${index} ${name}${this.#fields(fields)}`);
  }
}

const shape = (text: string, variants: readonly string[] | undefined): Shape => ({
  text,
  variants,
  isPartOf: (other) =>
    variants ? variants.every((each) => other.variants?.includes(each)) : text === other.text,
});

/** Arguments and result of each runtime API, by its name on the wire. */
export const methodsOf = ({ apis }: MetadataV15, shapes: Shapes): ReadonlyMap<string, string> =>
  new Map(
    apis.flatMap(({ name: api, methods }) =>
      methods.map(({ name, inputs, output }) => {
        const types = inputs.map((input) => `${input.name}: ${shapes.name(input.type)}`);
        return [`${api}_${name}`, `(${types.join()}) → ${shapes.name(output)}`] as const;
      }),
    ),
  );

/** Hashers, keys and value of each storage item, by pallet and name. */
export const itemsOf = ({ pallets }: MetadataV15, shapes: Shapes): ReadonlyMap<string, string> =>
  new Map(
    pallets.flatMap(({ name: pallet, storage }) =>
      (storage?.items ?? []).map(({ name, type, modifier }) => {
        const value = type.tag === 'plain' ? shapes.name(type.value) : mapOf(shapes, type.value);
        return [`${pallet}.${name}`, `${String(modifier)} ${value}`] as const;
      }),
    ),
  );

const mapOf = (
  shapes: Shapes,
  { hashers, key, value }: { readonly hashers: readonly { tag: string }[]; key: number; value: number },
): string => `${hashers.map(({ tag }) => tag).join()} ${shapes.name(key)} → ${shapes.name(value)}`;
