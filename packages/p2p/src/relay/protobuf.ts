import { PeerError } from '../errors.ts';

/** The little of protobuf that circuit relay's messages need: varints and length-delimited bytes. */
export type FieldValue = bigint | Uint8Array;

const VARINT = 0n;
const BYTES = 2n;
/** Fields that one message may carry, so that a hostile one costs little. */
const MAX_FIELDS = 64;

/** A message from its fields, in the given order. */
export function encodeFields(fields: readonly (readonly [number, FieldValue])[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(([number, value]) =>
      typeof value === 'bigint'
        ? [varint((BigInt(number) << 3n) | VARINT), varint(value)]
        : [varint((BigInt(number) << 3n) | BYTES), varint(BigInt(value.length)), value],
    ),
  );
}

/** All values by field number, unknown fields too. Throws PeerError MESSAGE_MALFORMED. */
export function decodeFields(bytes: Uint8Array): Map<number, FieldValue[]> {
  const fields = new Map<number, FieldValue[]>();
  const cursor = { bytes, at: 0 };
  for (let count = 0; cursor.at < bytes.length; count++) {
    if (count === MAX_FIELDS) throw malformed('too many fields');
    const key = readVarint(cursor);
    const value = readValue(cursor, key & 7n);
    const number = Number(key >> 3n);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function readValue(cursor: Cursor, wireType: bigint): FieldValue {
  if (wireType === VARINT) return readVarint(cursor);
  if (wireType !== BYTES) throw malformed(`wire type ${wireType}`);
  const length = readVarint(cursor);
  const start = cursor.at;
  if (length > BigInt(cursor.bytes.length - start)) throw malformed('cut short');
  cursor.at = start + Number(length);
  return cursor.bytes.subarray(start, cursor.at);
}

function readVarint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 64n; shift += 7n) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw malformed('cut short');
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw malformed('a number of more than 64 bits');
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

function malformed(what: string): PeerError {
  return new PeerError('MESSAGE_MALFORMED', `A relay message is malformed: ${what}`);
}
