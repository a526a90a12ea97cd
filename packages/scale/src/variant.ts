import {
  fieldsCodec,
  type Fields,
  type FieldValues,
  type Naming,
  portableField,
  portableFields,
  tuple,
  type TupleValues,
  unit,
} from './composites.ts';
import { ScaleError } from './errors.ts';
import type { PortableField, PortableVariant } from './portable.ts';
import { type AnyType, defineType, type IdOf, type Type } from './type.ts';

/** What a variant carries: nothing, one unnamed value, several unnamed values, or named fields. */
export type Shape = null | AnyType | readonly AnyType[] | Fields;

/** A shape with an index of its own, docs, or both; see {@link at}. */
export interface Arm<S extends Shape = Shape> {
  readonly shape: S;
  readonly index?: number;
  readonly docs?: readonly string[];
  readonly isArm: true;
}

export type ShapeValue<S> = S extends null
  ? undefined
  : S extends Type<infer T>
    ? T
    : S extends readonly AnyType[]
      ? TupleValues<S>
      : S extends Fields
        ? FieldValues<S>
        : never;

type ArmValue<A> = A extends Arm<infer S> ? ShapeValue<S> : ShapeValue<A>;
type Tagged<K, V> = [V] extends [undefined]
  ? { readonly type: K; readonly value?: undefined }
  : { readonly type: K; readonly value: V };

export type Arms = Readonly<Record<string, Shape | Arm>>;
/** `{ type: 'Name', value }`; `value` may be left out where the variant carries nothing. */
export type VariantValue<A extends Arms> = { [K in keyof A & string]: Tagged<K, ArmValue<A[K]>> }[keyof A &
  string];

/** Pins a variant's index on the wire, and may document it. */
export const at = <const S extends Shape>(index: number, shape: S, docs: readonly string[] = []): Arm<S> => ({
  shape,
  index,
  docs,
  isArm: true,
});

/** Documents a variant whose index is its position. */
export const documented = <const S extends Shape>(docs: string, shape: S): Arm<S> => ({
  shape,
  docs: [docs],
  isArm: true,
});

const isType = (shape: Shape): shape is AnyType =>
  shape !== null && 'decodeFrom' in shape && typeof shape.decodeFrom === 'function';

const isArm = (arm: Shape | Arm): arm is Arm => arm !== null && 'isArm' in arm && arm.isArm === true;

const isList = (shape: Shape): shape is readonly AnyType[] => Array.isArray(shape);

/** The codec of what a variant carries. */
export const shapeCodec = (shape: Shape): AnyType => {
  if (shape === null) return unit;
  if (isType(shape)) return shape;
  return isList(shape) ? tuple(...shape) : fieldsCodec(shape);
};

const shapeFields = (shape: Shape, idOf: IdOf): PortableField[] => {
  if (shape === null) return [];
  if (isType(shape)) return [portableField(undefined, idOf(shape))];
  return isList(shape)
    ? shape.map((type) => portableField(undefined, idOf(type)))
    : portableFields(shape, idOf);
};

interface Entry {
  readonly name: string;
  readonly index: number;
  readonly docs: readonly string[];
  readonly shape: Shape;
  readonly codec: AnyType;
}

const toEntry = ([name, arm]: [string, Shape | Arm], position: number): Entry => {
  const { shape, index = position, docs = [] } = isArm(arm) ? arm : { shape: arm };
  return { name, index, docs, shape, codec: shapeCodec(shape) };
};

const describeEntry = ({ name, index, docs, shape }: Entry, idOf: IdOf): PortableVariant => ({
  name,
  index,
  docs: [...docs],
  fields: shapeFields(shape, idOf),
});

const unknownVariant = (path: string, which: unknown): ScaleError =>
  new ScaleError('SCALE_UNKNOWN_VARIANT', `${path} has no variant ${String(which)}`);

/** An enum under `path`. Indexes are positions, except where {@link at} pins them. */
export const variant = <const A extends Arms>(
  path: string,
  arms: A,
  naming: Naming = {},
): Type<VariantValue<A>> => {
  const entries = Object.entries(arms).map(toEntry);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]));
  const smallest = Math.min(...entries.map((entry) => entry.codec.minSize));
  return defineType<VariantValue<A>>({
    encodeInto(writer, value) {
      const entry = byName.get(value.type);
      if (!entry) throw unknownVariant(path, value.type);
      writer.u8(entry.index);
      entry.codec.encodeInto(writer, value.value);
    },
    check: entries.every(({ codec }) => codec.check)
      ? ({ type, value }) => {
          const entry = byName.get(type);
          if (!entry) throw unknownVariant(path, type);
          entry.codec.check?.(value);
        }
      : undefined,
    decodeFrom(reader) {
      const index = reader.u8();
      const entry = byIndex.get(index);
      if (!entry) throw unknownVariant(path, index);
      return { type: entry.name, value: entry.codec.decodeFrom(reader) } as VariantValue<A>;
    },
    describe: (idOf) => ({ tag: 'variant', value: entries.map((entry) => describeEntry(entry, idOf)) }),
    minSize: 1 + (Number.isFinite(smallest) ? smallest : 0),
    path,
    ...naming,
  });
};
