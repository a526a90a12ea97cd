import { portableField } from './composites.ts';
import { ScaleError } from './errors.ts';
import type { PortableField, PortableVariant } from './portable.ts';
import { defineType, type Type } from './type.ts';

export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

const arm = (name: string, index: number, fields: PortableField[]): PortableVariant => ({
  name,
  index,
  fields,
  docs: [],
});

const badTag = (name: string, tag: number): ScaleError =>
  new ScaleError('SCALE_UNKNOWN_VARIANT', `${name} starts with 0 or 1, not with ${tag}`);

/** `Option<inner>`: undefined is None. */
export const option = <T>(inner: Type<T>): Type<T | undefined> =>
  defineType<T | undefined>({
    encodeInto(writer, value) {
      writer.u8(value === undefined ? 0 : 1);
      if (value !== undefined) inner.encodeInto(writer, value);
    },
    decodeFrom(reader) {
      const tag = reader.u8();
      if (tag > 1) throw badTag('Option', tag);
      return tag === 1 ? inner.decodeFrom(reader) : undefined;
    },
    describe: (idOf) => ({
      tag: 'variant',
      value: [arm('None', 0, []), arm('Some', 1, [portableField(undefined, idOf(inner))])],
    }),
    minSize: 1,
    path: 'Option',
    params: { T: inner },
  });

/** `Result<ok, error>`. */
export const result = <T, E>(ok: Type<T>, error: Type<E>): Type<Result<T, E>> =>
  defineType<Result<T, E>>({
    encodeInto(writer, value) {
      writer.u8(value.ok ? 0 : 1);
      if (value.ok) ok.encodeInto(writer, value.value);
      else error.encodeInto(writer, value.error);
    },
    decodeFrom(reader) {
      const tag = reader.u8();
      if (tag > 1) throw badTag('Result', tag);
      return tag === 0
        ? { ok: true, value: ok.decodeFrom(reader) }
        : { ok: false, error: error.decodeFrom(reader) };
    },
    describe: (idOf) => ({
      tag: 'variant',
      value: [
        arm('Ok', 0, [portableField(undefined, idOf(ok))]),
        arm('Err', 1, [portableField(undefined, idOf(error))]),
      ],
    }),
    minSize: 1 + Math.min(ok.minSize, error.minSize),
    path: 'Result',
    params: { T: ok, E: error },
  });
