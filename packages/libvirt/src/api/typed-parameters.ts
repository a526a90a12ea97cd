import { LibvirtConnectionError } from '../errors.ts';
import type { XdrReader } from '../xdr/reader.ts';

export type TypedValue = number | bigint | boolean | string;

const READERS: readonly ((reader: XdrReader) => TypedValue)[] = [
  (reader) => reader.i32(),
  (reader) => reader.u32(),
  (reader) => reader.i64(),
  (reader) => reader.u64(),
  (reader) => reader.double(),
  (reader) => reader.bool(),
  (reader) => reader.string(),
];

/** A list of virTypedParameter, by field name; types count from 1. */
export function readTypedParameters(reader: XdrReader): Map<string, TypedValue> {
  return new Map(
    reader.array((inner): [string, TypedValue] => {
      const field = inner.string();
      const type = inner.u32();
      const read = READERS[type - 1];
      if (read) return [field, read(inner)];
      throw new LibvirtConnectionError('Protocol', `libvirt sent ${field} with the unknown type ${type}`);
    }),
  );
}
