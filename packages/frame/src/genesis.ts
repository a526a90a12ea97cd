import { fromHex, ss58Decode, toHex } from '@hamster/crypto';
import type { AccountId } from './types/account.ts';

/** The genesis configuration can't be used: names the place and the value. */
export class GenesisError extends Error {
  override readonly name = 'GenesisError';
  readonly code = 'GENESIS_INVALID';

  constructor(path: string, expected: string, value: unknown) {
    super(`Genesis configuration: ${path} should be ${expected}, but is ${describe(value)}`);
  }
}

/** Enough of it to be found again: it may be a list of a million accounts. */
const MAX_SHOWN = 1_000;

const describe = (value: unknown): string => {
  if (value === undefined) return 'missing';
  const asText = (_: string, part: unknown): unknown => (typeof part === 'bigint' ? String(part) : part);
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value, asText);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
};

/** Reads the keys of a list, each once: who is an authority twice would have two turns, or two votes, and nobody would have meant it. */
export const distinctKeys = (): ((key: GenesisReader) => AccountId) => {
  const seen = new Set<string>();
  return (reader) => {
    const key = reader.account();
    const hex = toHex(key);
    if (seen.has(hex)) throw reader.expected('a key that is not in the list yet');
    seen.add(hex);
    return key;
  };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toBigint = (value: unknown): bigint | undefined => {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : undefined;
};

/** Reads plain data (JSON, so money may be a decimal string) and says what is wrong with which place. */
export class GenesisReader {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.#path = path;
  }

  get isPresent(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  /** Refuses fields of any other name: one that was mistyped would be as one that was left out. */
  only(...names: readonly string[]): this {
    const given = this.#fields;
    const unknown = Object.keys(given).find((name) => !names.includes(name));
    if (unknown === undefined) return this;
    const expected = names.length > 0 ? `a name that is known there (${names.join(', ')})` : 'left out';
    throw new GenesisError(`${this.#path}.${unknown}`, expected, given[unknown]);
  }

  /** A field of this object; an absent object has absent fields. */
  field(name: string): GenesisReader {
    return new GenesisReader(this.#fields[name], `${this.#path}.${name}`);
  }

  /** The items of this list; none when absent. */
  list(): GenesisReader[] {
    if (!this.isPresent) return [];
    if (!Array.isArray(this.#value)) throw this.expected('a list');
    return this.#value.map((item: unknown, index) => new GenesisReader(item, `${this.#path}[${index}]`));
  }

  /** The items of this list, which has exactly two. */
  pair(first: string, second: string): [GenesisReader, GenesisReader] {
    const [one, other, ...more] = this.list();
    if (one && other && more.length === 0) return [one, other];
    throw this.expected(`a list of [${first}, ${second}]`);
  }

  bigint(fallback?: bigint): bigint {
    const value = this.isPresent ? toBigint(this.#value) : fallback;
    if (value === undefined) throw this.expected('a whole number, as a number or as decimal text');
    return value;
  }

  number(fallback?: number): number {
    return Number(this.bigint(fallback === undefined ? undefined : BigInt(fallback)));
  }

  text(fallback?: string): string {
    const value = this.isPresent ? this.#value : fallback;
    if (typeof value !== 'string') throw this.expected('text');
    return value;
  }

  /** An SS58 address, or the account id in hex. */
  account(): AccountId {
    const text = this.text();
    try {
      const account = text.startsWith('0x') ? fromHex(text) : ss58Decode(text).accountId;
      if (account.length === 32) return account;
    } catch {
      // Both forms fail below, with the place in the message.
    }
    throw this.expected('an SS58 address or 32 bytes in hex');
  }

  /** `defaults` with those fields replaced that are present here, and no others: how a pallet's parameters are configured. */
  overlay<T extends Readonly<Record<string, bigint | number>>>(defaults: T): T {
    this.only(...Object.keys(defaults));
    const fields = Object.entries(defaults).map(([name, fallback]) => {
      const field = this.field(name);
      return [name, typeof fallback === 'bigint' ? field.bigint(fallback) : field.number(fallback)];
    });
    return Object.fromEntries(fields) as T;
  }

  get #fields(): Readonly<Record<string, unknown>> {
    if (!this.isPresent) return {};
    if (!isRecord(this.#value)) throw this.expected('an object');
    return this.#value;
  }

  /** What to throw where this value is not what it should be. */
  expected(what: string): GenesisError {
    return new GenesisError(this.#path, what, this.#value);
  }
}
