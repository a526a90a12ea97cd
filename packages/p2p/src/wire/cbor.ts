import { decode } from 'cborg';
import { PeerError } from '../errors.ts';

export type Fields = Record<string, unknown>;

/** Throws PeerError MESSAGE_MALFORMED for anything that is not one map in CBOR. */
export function decodeFields(bytes: Uint8Array, what: string): Fields {
  return fieldsOf(parse(bytes), what);
}

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new PeerError('MESSAGE_MALFORMED', `The ${what} is not a map of fields`);
}

/** A whole number from 0 on, or undefined for anything else. */
export function unsigned(value: unknown): bigint | undefined {
  if (typeof value === 'bigint' && value >= 0n) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  return undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { rejectDuplicateMapKeys: true });
  } catch (cause) {
    throw new PeerError('MESSAGE_MALFORMED', 'A message came that is not CBOR', { cause });
  }
}
