import type { PortableField } from './portable.ts';
import { type AnyType, defineType, type IdOf, type Infer, type Type } from './type.ts';

export type Fields = Readonly<Record<string, AnyType>>;
export type FieldValues<F extends Fields> = { readonly [K in keyof F]: Infer<F[K]> };
export type TupleValues<T extends readonly AnyType[]> = { readonly [K in keyof T]: Infer<T[K]> };

export interface Naming {
  readonly params?: Readonly<Record<string, AnyType | undefined>>;
  readonly docs?: readonly string[];
}

export const portableField = (
  name: string | undefined,
  type: number,
  docs: readonly string[] = [],
  typeName?: string,
): PortableField => ({
  name,
  type,
  typeName,
  docs: [...docs],
});

export const portableFields = (fields: Fields, idOf: IdOf): PortableField[] =>
  Object.entries(fields).map(([name, type]) =>
    portableField(name, idOf(type), type.fieldDocs, type.fieldTypeName),
  );

export const sizeOf = (types: readonly AnyType[]): number =>
  types.reduce((sum, type) => sum + type.minSize, 0);

/** The same type, with a sentence in metadata that says what the field of a struct or a variant means: its unit, its bounds. */
export const field = <T>(type: Type<T>, ...docs: readonly string[]): Type<T> => ({
  ...type,
  fieldDocs: docs,
  target: () => type,
});

/**
 * The same type, called `Box<name>` as a field. A type of Rust that contains itself has to do so behind a pointer, and code that is generated
 * from metadata has one where this name says so; without it, it does not compile.
 */
export const boxed = <T>(type: Type<T>, name: string): Type<T> => ({
  ...type,
  fieldTypeName: `Box<${name}>`,
  target: () => type,
});

/** Of all fields, if each has one. */
const checkOf = <F extends Fields>(fields: F): ((value: FieldValues<F>) => void) | undefined => {
  const checks = Object.entries(fields).map(([name, { check }]) => ({ name, check }));
  if (checks.some(({ check }) => check === undefined)) return undefined;
  return (value) => {
    for (const { name, check } of checks) check?.(value[name]);
  };
};

/** Named fields, one after the other, without a name of their own: the inside of a struct or of a variant. */
export const fieldsCodec = <F extends Fields>(fields: F) => {
  const entries = Object.entries(fields).map(([name, { encodeInto, decodeFrom }]) => ({
    name,
    encodeInto,
    decodeFrom,
  }));
  return defineType<FieldValues<F>>({
    encodeInto(writer, value) {
      for (const { name, encodeInto } of entries) encodeInto(writer, value[name]);
    },
    check: checkOf(fields),
    decodeFrom(reader) {
      const value: Record<string, unknown> = {};
      for (const { name, decodeFrom } of entries) value[name] = decodeFrom(reader);
      return value as FieldValues<F>;
    },
    describe: (idOf) => ({ tag: 'composite', value: portableFields(fields, idOf) }),
    minSize: sizeOf(Object.values(fields)),
  });
};

/** A struct under `path` (`crate::module::Name`). */
export const struct = <F extends Fields>(
  path: string,
  fields: F,
  naming: Naming = {},
): Type<FieldValues<F>> => {
  const { encodeInto, check, decodeFrom, describe, minSize } = fieldsCodec(fields);
  return defineType({ encodeInto, check, decodeFrom, describe, minSize, path, ...naming });
};

/** A named type around one value; the value is not wrapped in TypeScript. */
export const newtype = <T>(path: string, inner: Type<T>, naming: Naming = {}): Type<T> =>
  defineType({
    encodeInto: inner.encodeInto,
    check: inner.check,
    decodeFrom: inner.decodeFrom,
    describe: (idOf) => ({ tag: 'composite', value: [portableField(undefined, idOf(inner))] }),
    minSize: inner.minSize,
    path,
    ...naming,
  });

export const tuple = <const T extends readonly AnyType[]>(...types: T): Type<TupleValues<T>> =>
  defineType<TupleValues<T>>({
    encodeInto(writer, value) {
      for (let index = 0; index < types.length; index++) types[index]?.encodeInto(writer, value[index]);
    },
    decodeFrom: (reader) => types.map((type) => type.decodeFrom(reader)) as unknown as TupleValues<T>,
    describe: (idOf) => ({ tag: 'tuple', value: types.map(idOf) }),
    minSize: sizeOf(types),
  });

/** `()`. */
export const unit: Type<undefined> = defineType({
  encodeInto: () => undefined,
  check: () => undefined,
  decodeFrom: () => undefined,
  describe: () => ({ tag: 'tuple', value: [] }),
  minSize: 0,
});

/** Stands for a type that is defined later, as a call inside of a batch of calls. */
export const lazy = <T>(target: () => Type<T>): Type<T> =>
  defineType({
    encodeInto: (writer, value) => target().encodeInto(writer, value),
    decodeFrom: (reader) => reader.nested(() => target().decodeFrom(reader)),
    describe: (idOf) => target().describe(idOf),
    minSize: 1,
    target,
  });
