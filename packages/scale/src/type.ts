import { ScaleError } from './errors.ts';
import type { TypeDef } from './portable.ts';
import { Reader, type ReaderOptions } from './reader.ts';
import { Writer } from './writer.ts';

/** Gives the id of another type inside of the registry that asks for a description. */
export type IdOf = (type: AnyType) => number;

/** One definition of a type: its codec, its TypeScript type `T`, and its description for metadata. */
export interface Type<T> {
  encode(value: T): Uint8Array;
  /** @throws ScaleError when `bytes` is not exactly one encoded value. */
  decode(bytes: Uint8Array): T;
  encodeInto(writer: Writer, value: T): void;
  /**
   * Throws what `encode` throws, for a fraction of what that takes. Types have it whose values are of numbers alone: nobody can change
   * such a value once it was checked, as one could write into bytes.
   */
  check?(value: T): void;
  decodeFrom(reader: Reader): T;
  describe(idOf: IdOf): TypeDef;
  /** `a::b::Name`, split; empty for types without a name. */
  readonly path: readonly string[];
  readonly params: Readonly<Record<string, AnyType | undefined>>;
  readonly docs: readonly string[];
  /** What a field of this type means; see `field`. */
  readonly fieldDocs?: readonly string[];
  /** What a field of this type is said to be, where that is not the name of the type; see `boxed`. */
  readonly fieldTypeName?: string;
  /** No value is encoded shorter: bounds what a length prefix may claim. */
  readonly minSize: number;
  /** The type that this one only stands for. */
  readonly target?: () => AnyType;
}

/** Methods are compared bivariantly, so that any `Type<T>` is an `AnyType`. */
export type AnyType = Type<unknown>;

export type Infer<X> = X extends Type<infer T> ? T : never;

export interface TypeParts<T> {
  readonly encodeInto: (writer: Writer, value: T) => void;
  readonly check?: ((value: T) => void) | undefined;
  readonly decodeFrom: (reader: Reader) => T;
  readonly describe: (idOf: IdOf) => TypeDef;
  readonly minSize: number;
  readonly path?: string;
  readonly params?: Readonly<Record<string, AnyType | undefined>>;
  readonly docs?: readonly string[];
  readonly target?: () => AnyType;
}

/** Makes a type from its parts; the building block of all the others. */
export const defineType = <T>(parts: TypeParts<T>): Type<T> => {
  const encode = encoder(parts);
  return describedType(parts, encode);
};

/** Writes into the same buffer again and again: growing a new one each time costs more than the encoding itself. */
const encoder = <T>({ encodeInto }: TypeParts<T>) => {
  let idle: Writer | undefined;
  return (value: T): Uint8Array => {
    // Taken out while it is in use: an encoding may need another one of the same type on its way.
    const writer = idle ?? new Writer();
    idle = undefined;
    encodeInto(writer, value);
    const bytes = writer.finish();
    writer.clear();
    idle = writer;
    return bytes;
  };
};

const describedType = <T>(parts: TypeParts<T>, encode: Type<T>['encode']): Type<T> => ({
  encode,
  encodeInto: parts.encodeInto,
  decodeFrom: parts.decodeFrom,
  describe: parts.describe,
  minSize: parts.minSize,
  path: parts.path ? parts.path.split('::') : [],
  params: parts.params ?? {},
  docs: parts.docs ?? [],
  ...(parts.check && { check: parts.check }),
  ...(parts.target && { target: parts.target }),
  decode: (bytes) => decodeAll(parts, new Reader(bytes)),
});

/** As `type.decode`, in another way. @throws ScaleError SCALE_TOO_MANY too, where the options bound the items */
export const decodeWith = <T>(
  type: Pick<Type<T>, 'decodeFrom'>,
  bytes: Uint8Array,
  options: ReaderOptions,
): T => decodeAll(type, new Reader(bytes, options));

const decodeAll = <T>({ decodeFrom }: Pick<Type<T>, 'decodeFrom'>, reader: Reader): T => {
  const value = decodeFrom(reader);
  if (reader.remaining > 0) {
    const message = `${reader.remaining} bytes are left behind the value, which ends at byte ${reader.offset}`;
    throw new ScaleError('SCALE_TRAILING_BYTES', message);
  }
  return value;
};
