import { bool, Compact, Enum, Option, Raw, Struct, Tuple, Vec } from '#polkadot/types';
import type { Codec } from '@polkadot/types/types';
import { isBn } from '#polkadot/util';
import { ChainError } from '../errors.ts';

/** Turns a decoded chain value into a plain one. Throws `UNEXPECTED_SHAPE` when it is of another type. */
export type Reader<T> = (codec: Codec) => T;

/** The plain type that a reader gives. */
export type Read<R> = R extends Reader<infer T> ? T : never;

const decoder = new TextDecoder();

/** Planck and other u128. */
export const amount: Reader<bigint> = (codec) => BigInt(integer(codec).toString());

/**
 * u8, u16, u32, and those u64 that count up from 1 or are milliseconds. Ids and times are plain numbers, so that they
 * serve as keys and in JSON; one beyond 2^53 is refused, never rounded.
 */
export const count: Reader<number> = (codec) => {
  const value = Number(integer(codec).toString());
  if (Number.isSafeInteger(value)) return value;
  throw unexpected('a number below 2^53', codec);
};

/** Bytes that hold UTF-8; what is not UTF-8 shows as replacement characters. */
export const text: Reader<string> = (codec) => {
  if (codec instanceof Raw) return decoder.decode(codec.toU8a(true));
  throw unexpected('bytes', codec);
};

/** Bytes as 0x…, such as hashes. */
export const hex: Reader<string> = (codec) => {
  if (codec instanceof Raw) return codec.toHex();
  throw unexpected('bytes', codec);
};

export const flag: Reader<boolean> = (codec) => {
  if (codec instanceof bool) return codec.isTrue;
  throw unexpected('yes or no', codec);
};

/** An account, as SS58 text with the chain's prefix. */
export const account: Reader<string> = (codec) => codec.toString();

/** The name of an enum's arm. */
export const arm =
  <N extends string>(...names: readonly N[]): Reader<N> =>
  (codec) => {
    const found = codec instanceof Enum ? names.find((name) => name === codec.type) : undefined;
    if (found !== undefined) return found;
    throw unexpected(`one of ${names.join(', ')}`, codec);
  };

/** The content of one arm of an enum; undefined for the others. */
export const payload =
  <T>(name: string, inner: Reader<T>): Reader<T | undefined> =>
  (codec) => {
    if (!(codec instanceof Enum)) throw unexpected('an enum', codec);
    return codec.type === name ? inner(codec.inner) : undefined;
  };

export const optional =
  <T>(inner: Reader<T>): Reader<T | undefined> =>
  (codec) => {
    if (!(codec instanceof Option)) throw unexpected('an option', codec);
    return codec.isSome ? inner(codec.unwrap()) : undefined;
  };

export const list =
  <T>(inner: Reader<T>): Reader<T[]> =>
  (codec) => {
    if (codec instanceof Vec) return codec.map((item: Codec) => inner(item));
    throw unexpected('a list', codec);
  };

/** A struct: fields are camelCase, as @polkadot/api names them. */
export const struct =
  <F extends Record<string, Reader<unknown>>>(fields: F): Reader<{ [K in keyof F]: Read<F[K]> }> =>
  (codec) => {
    if (!(codec instanceof Struct)) throw unexpected('a struct', codec);
    const entries = Object.entries(fields).map(
      ([name, reader]) => [name, reader(fieldOf(codec, name))] as const,
    );
    return Object.fromEntries(entries) as { [K in keyof F]: Read<F[K]> };
  };

/** Anything, by its own type: for events and other values that have no reader. */
export const plain: Reader<unknown> = (codec) => {
  if (codec instanceof Option) return codec.isSome ? plain(codec.unwrap()) : undefined;
  if (codec instanceof Compact) return plain(codec.unwrap());
  if (codec instanceof Struct) return plainStruct(codec);
  if (codec instanceof Enum)
    return codec.isNone ? codec.type : { type: codec.type, value: plain(codec.inner) };
  if (codec instanceof Vec || codec instanceof Tuple) return [...codec].map((item: Codec) => plain(item));
  if (isBn(codec)) return integerOf(codec);
  return codec.toJSON();
};

function plainStruct(codec: Struct): Record<string, unknown> {
  return Object.fromEntries([...codec.entries()].map(([name, value]) => [String(name), plain(value)]));
}

/** u64 and smaller as a number while it is exact; u128 is money. */
function integerOf(codec: Codec & { bitLength(): number }): number | bigint {
  return codec.bitLength() <= 64 && Number.isSafeInteger(Number(codec.toString()))
    ? Number(codec.toString())
    : BigInt(codec.toString());
}

function fieldOf(codec: Struct, name: string): Codec {
  const value = codec.get(name);
  if (value) return value;
  throw unexpected(`a struct with "${name}"`, codec);
}

function integer(codec: Codec): Codec {
  const inner = codec instanceof Compact ? (codec.unwrap() as Codec) : codec;
  if (isBn(inner)) return inner;
  throw unexpected('an integer', codec);
}

function unexpected(wanted: string, codec: Codec): ChainError {
  return new ChainError(
    'UNEXPECTED_SHAPE',
    `The chain gave ${codec.toRawType()} where this program expects ${wanted}. Is this program as new as the chain?`,
    { fault: 'bug' },
  );
}
