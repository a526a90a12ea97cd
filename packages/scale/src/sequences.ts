import { readLength, writeCompact } from './compact.ts';
import { ScaleError } from './errors.ts';
import { u8 } from './primitives.ts';
import type { Reader } from './reader.ts';
import { defineType, type Type } from './type.ts';
import type { Writer } from './writer.ts';

/** A type of size zero has no bytes that bound its count. */
const MAX_EMPTY_ITEMS = 4096;

export interface Bound {
  /** Longest that is encoded or decoded; in bytes for `bytes` and `text`, in items for `vec`. */
  readonly max?: number;
}

const checkBound = (length: number, max: number): void => {
  if (length > max) throw new ScaleError('SCALE_TOO_LONG', `Length ${length} is over the bound of ${max}`);
};

/** The claim of a length prefix, checked against the bound and against the bytes that are there, before anything is allocated. */
const readCount = (reader: Reader, itemSize: number, max: number): number => {
  const count = readLength(reader);
  checkBound(count, itemSize > 0 ? max : Math.min(max, MAX_EMPTY_ITEMS));
  if (count * itemSize > reader.remaining) {
    const message = `A length prefix claims ${count} items, but only ${reader.remaining} bytes are left`;
    throw new ScaleError('SCALE_END_OF_INPUT', message);
  }
  return count;
};

const writeBytes = (writer: Writer, value: Uint8Array, max: number): void => {
  checkBound(value.length, max);
  writeCompact(writer, value.length);
  writer.raw(value);
};

/** `Vec<u8>` with a bound. */
export const boundedBytes = (max: number): Type<Uint8Array> =>
  defineType({
    encodeInto: (writer, value) => writeBytes(writer, value, max),
    decodeFrom: (reader) => reader.raw(readCount(reader, 1, max)),
    describe: (idOf) => ({ tag: 'sequence', value: idOf(u8) }),
    minSize: 1,
  });

/** `Vec<u8>`, bounded by its input only. */
export const bytes: Type<Uint8Array> = boundedBytes(Infinity);

/** UTF-8 text (`str` in metadata), `max` in bytes. Bytes that are no UTF-8 are refused. */
export const boundedText = (max: number): Type<string> => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  const decodeText = (value: Uint8Array): string => {
    try {
      return decoder.decode(value);
    } catch {
      throw new ScaleError('SCALE_INVALID_UTF8', `${value.length} bytes of text are not valid UTF-8`);
    }
  };
  return defineType({
    encodeInto: (writer, value) => writeBytes(writer, encoder.encode(value), max),
    decodeFrom: (reader) => decodeText(reader.raw(readCount(reader, 1, max))),
    describe: () => ({ tag: 'primitive', value: { tag: 'str', value: undefined } }),
    minSize: 1,
  });
};

export const text: Type<string> = boundedText(Infinity);

/** `[u8; length]`. */
export const fixedBytes = (length: number): Type<Uint8Array> =>
  defineType({
    encodeInto(writer, value) {
      if (value.length !== length) {
        throw new ScaleError('SCALE_WRONG_LENGTH', `Expected ${length} bytes, got ${value.length}`);
      }
      writer.raw(value);
    },
    decodeFrom: (reader) => reader.raw(length),
    describe: (idOf) => ({ tag: 'array', value: { len: length, type: idOf(u8) } }),
    minSize: length,
  });

const readItems = <T>(reader: Reader, item: Type<T>, max: number): T[] => {
  const count = readCount(reader, item.minSize, max);
  reader.items(count);
  const items: T[] = [];
  for (let index = 0; index < count; index += 1) items.push(item.decodeFrom(reader));
  return items;
};

/** `Vec<item>`. */
export const vec = <T>(item: Type<T>, { max = Infinity }: Bound = {}): Type<readonly T[]> =>
  defineType<readonly T[]>({
    encodeInto(writer, value) {
      checkBound(value.length, max);
      writeCompact(writer, value.length);
      // Without an iterator, which would be one more object for each list.
      for (let index = 0; index < value.length; index++) item.encodeInto(writer, value[index] as T);
    },
    decodeFrom: (reader) => readItems(reader, item, max),
    describe: (idOf) => ({ tag: 'sequence', value: idOf(item) }),
    minSize: 1,
  });
