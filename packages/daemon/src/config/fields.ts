import type { TObject, TProperties, TSchema } from 'typebox';

/** What a config property's schema may say besides JSON Schema's own keywords. */
export interface FieldHints {
  /** Never a flag (flags show in `ps`) and never printed. */
  readonly secret?: boolean;
  /** A file or directory: `~` is the home directory, and the value becomes absolute. */
  readonly path?: boolean;
  /** What stands for the value in help, for instance `url`. */
  readonly placeholder?: string;
  /** What `--no-…` does, for the help of a setting that is on by default: shown in place of the description. */
  readonly off?: string;
  /** One letter for a short flag. */
  readonly short?: string;
  /** The common variable of this name means something else to the other programs: only the own one is read. */
  readonly ownVariable?: boolean;
}

export type FieldKind = 'string' | 'number' | 'boolean' | 'list';

type JsonScalar = string | number | boolean;

/** The parts of JSON Schema that config fields are made of. */
export interface FieldSchema extends FieldHints {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly enum?: readonly JsonScalar[];
  readonly anyOf?: readonly { readonly const?: JsonScalar }[];
  readonly items?: FieldSchema;
  readonly properties?: TProperties;
}

/** One value of the config: a leaf of the schema, with its name in each place it can come from. */
export interface ConfigField {
  readonly path: readonly string[];
  readonly schema: TSchema & FieldSchema;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** Long flag with dashes, or undefined for secrets. */
  readonly flag: string | undefined;
  /** The name commander gives the flag's value. */
  readonly attribute: string;
  /** Environment variables, the one that wins first. */
  readonly env: readonly string[];
  readonly hints: FieldSchema;
}

/** Walks the schema and names every leaf. Nested objects join their names with a dash. */
export function fieldsOf(app: string, schema: TObject, parents: readonly string[] = []): ConfigField[] {
  const required = new Set(schema.required as readonly string[] | undefined);
  return Object.entries(schema.properties as TProperties).flatMap(([key, property]) => {
    const path = [...parents, key];
    const hints = property as TSchema & FieldSchema;
    if (hints.type === 'object') return fieldsOf(app, property as TObject, path);
    return [describe(app, path, hints, required.has(key))];
  });
}

function describe(
  app: string,
  path: readonly string[],
  schema: TSchema & FieldSchema,
  required: boolean,
): ConfigField {
  const dashed = path.map(toKebab).join('-');
  const env = dashed.replaceAll('-', '_').toUpperCase();
  const own = `HAMSTER_${app.replaceAll('-', '_').toUpperCase()}_${env}`;
  return {
    path,
    schema,
    hints: schema,
    kind: kindOf(schema),
    required: required && schema.default === undefined,
    flag: schema.secret ? undefined : `--${dashed}`,
    attribute: toCamel(dashed),
    env: schema.ownVariable ? [own] : [own, `HAMSTER_${env}`],
  };
}

function kindOf(schema: FieldSchema): FieldKind {
  if (schema.type === 'boolean') return 'boolean';
  if (schema.type === 'array') return 'list';
  return schema.type === 'integer' || schema.type === 'number' ? 'number' : 'string';
}

function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function toCamel(dashed: string): string {
  return dashed.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
