import type { Hash } from '../../header.ts';
import { invalidParams, type RpcError } from './errors.ts';

/** One parameter of a method: its name (for calls by name) and what turns JSON into its value. */
export interface Param<T> {
  readonly name: string;
  /** Throws `RpcError` -32602. */
  parse(value: unknown): T;
  /** Whatever it is given, also all parameters together, is something to it. It is the only one of its method, and given in a list. */
  readonly takesAll?: true;
  /** Of an object, or of those in a list: none of them may come twice. */
  readonly fields?: readonly string[] | undefined;
}

/** The values of a list of parameters, in order. */
export type ParamValues<P extends readonly Param<unknown>[]> = {
  readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never;
};

const MAX_PREVIEW = 80;
const HASH = /^(?:0x)?([0-9a-fA-F]{64})$/;

function param<T>(name: string, expected: string, parse: (value: unknown) => T | undefined): Param<T> {
  return {
    name,
    parse(value) {
      const parsed = parse(value);
      if (parsed !== undefined) return parsed;
      throw invalidParams(`"${name}" must be ${expected}, got ${preview(value)}`);
    },
  };
}

export const text = (name: string): Param<string> =>
  param(name, 'a string', (value) => (typeof value === 'string' ? value : undefined));

export const flag = (name: string): Param<boolean> =>
  param(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));

/** A whole number below `end`; above 2^53 it is no more exact. */
const unsigned =
  (end: number, expected: string) =>
  (name: string): Param<number> =>
    param(name, expected, (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < end ? value : undefined,
    );

export const uint32 = unsigned(2 ** 32, 'a whole number from 0 to 4294967295');

export const uint64 = unsigned(2 ** 64, 'a whole number, zero or more');

/** 32 bytes in hex, normalised to 0x and lower case so that it can be a key. Substrate asks for no 0x. */
export const hash = (name: string): Param<Hash> =>
  param(name, '0x and 64 hex digits', (value) => {
    const digits = typeof value === 'string' ? HASH.exec(value)?.[1] : undefined;
    return digits === undefined ? undefined : (`0x${digits.toLowerCase()}` as const);
  });

/** Bytes in hex as the methods of old take them: with or without 0x, and where a digit is missing, it is the first. */
export const bytes = (name: string): Param<Uint8Array> =>
  param(name, 'hex bytes that start with 0x', (value) => {
    const digits = behindPrefix(value);
    if (digits === undefined) return undefined;
    return bytesOf(digits.length % 2 === 0 ? digits : `0${digits}`);
  });

/** Bytes in hex as the methods of the JSON-RPC specification take them: two digits for each. The 0x may be missing, as may all. */
export const wholeBytes = (name: string): Param<Uint8Array> =>
  param(name, 'hex bytes that start with 0x', (value) => {
    const digits = behindPrefix(value);
    return digits === undefined ? undefined : bytesOf(digits);
  });

const behindPrefix = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  return value.startsWith('0x') ? value.slice(2) : value;
};

/**
 * Undefined for what is no pairs of digits. Node reads as far as there are any, so that nobody has to look at each of them before;
 * but of a character outside ASCII it sees the lower byte only, which may be that of a digit.
 */
function bytesOf(digits: string): Uint8Array | undefined {
  const { buffer, byteOffset, length } = Buffer.from(digits, 'hex');
  const isWhole = length * 2 === digits.length && Buffer.byteLength(digits) === digits.length;
  return isWhole ? new Uint8Array(buffer, byteOffset, length) : undefined;
}

/** Of what is no text: no id at all. Substrate's unsubscribing fails for nothing, it answers false. */
export const subscriptionId: Param<string> = {
  name: 'subscription',
  takesAll: true,
  parse: (value) => (typeof value === 'string' ? value : ''),
};

/** Absent and null are the same to Substrate. */
export const optional = <T>(inner: Param<T>): Param<T | undefined> => ({
  name: inner.name,
  fields: inner.fields,
  parse: (value) => (value === undefined || value === null ? undefined : inner.parse(value)),
});

export const list = <T>(inner: Param<T>, max: number): Param<readonly T[]> => ({
  name: inner.name,
  fields: inner.fields,
  parse(value) {
    if (!Array.isArray(value)) throw invalidParams(`"${inner.name}" must be a list, got ${preview(value)}`);
    if (value.length > max) {
      throw invalidParams(`"${inner.name}" may have up to ${max} entries, got ${value.length}`);
    }
    return value.map((entry) => inner.parse(entry));
  },
});

/** A JSON object whose fields are parameters themselves. */
export function record<F extends Record<string, Param<unknown>>>(
  name: string,
  fields: F,
): Param<{ readonly [K in keyof F]: F[K] extends Param<infer T> ? T : never }> {
  return {
    name,
    fields: Object.keys(fields),
    parse(value) {
      if (!isObject(value)) throw invalidParams(`"${name}" must be an object, got ${preview(value)}`);
      const parsed = Object.entries(fields).map(([key, field]) => [key, field.parse(value[key])] as const);
      return Object.fromEntries(parsed) as {
        readonly [K in keyof F]: F[K] extends Param<infer T> ? T : never;
      };
    },
  };
}

export const oneOf = <T extends string>(name: string, values: readonly T[]): Param<T> =>
  param(name, `one of ${values.join(', ')}`, (value) => values.find((known) => known === value));

/** Parameters of which some came twice by name, or fields of them, which JSON.parse would not tell. */
export class RepeatedNames {
  readonly given: object;
  readonly names: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;

  constructor(given: object, names: ReadonlySet<string>, fields: ReadonlySet<string>) {
    this.given = given;
    this.names = names;
    this.fields = fields;
  }
}

/**
 * Positional or named parameters, as JSON-RPC 2.0 allows both; names in camelCase or in snake_case. Absent ones are
 * `undefined`; surplus ones are ignored, as Substrate does, and so is whatever a method without parameters is given.
 */
export function readParams(params: readonly Param<unknown>[], given: unknown): unknown[] {
  if (params.length === 0) return [];
  if (params.every(({ takesAll }) => takesAll)) {
    const isWhole = Array.isArray(given) && given.length === params.length;
    return params.map((each, index) => each.parse(isWhole ? given[index] : undefined));
  }
  if (given === undefined || given === null) return params.map((each) => each.parse(undefined));
  if (!(given instanceof RepeatedNames)) return readEach(params, given);
  const field = params.flatMap(({ fields = [] }) => fields).find((name) => given.fields.has(name));
  if (field !== undefined) throw comesTwice(field);
  return readEach(params, given.given, given.names);
}

function readEach(
  params: readonly Param<unknown>[],
  given: unknown,
  repeated?: ReadonlySet<string>,
): unknown[] {
  if (Array.isArray(given)) return params.map((each, index) => each.parse(given[index]));
  if (isObject(given)) return readNamed(params, given, repeated);
  throw invalidParams('Parameters must be a list or an object');
}

const comesTwice = (name: string): RpcError => invalidParams(`"${name}" comes twice`);

/** One under both its names comes twice, too. */
function readNamed(
  params: readonly Param<unknown>[],
  given: Readonly<Record<string, unknown>>,
  repeated?: ReadonlySet<string>,
): unknown[] {
  return params.map((each) => {
    const names = [...new Set([each.name, snakeCase(each.name)])].filter((name) =>
      Object.hasOwn(given, name),
    );
    const [name] = names;
    if (names.length > 1 || (name !== undefined && repeated?.has(name))) throw comesTwice(each.name);
    return each.parse(name === undefined ? undefined : given[name]);
  });
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Enough to recognise the value; a deep one is not walked through. */
export function preview(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return 'an object';
  const json = JSON.stringify(typeof value === 'string' ? value.slice(0, MAX_PREVIEW) : value);
  return json.length > MAX_PREVIEW ? `${json.slice(0, MAX_PREVIEW)}…` : json;
}
