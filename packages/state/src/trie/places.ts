import { defineType, u8, type Reader, type Writer } from '@hamster/scale';
import type { Place } from './node.ts';

/** 2^47 places, as one bit is for those that are not known yet: a thousand million full blocks. */
export const PLACE_BYTES = 6;

/** A place in six bytes, little-endian as SCALE's integers are, of which none has that length. */
export const place = defineType<Place>({
  encodeInto: writePlace,
  decodeFrom: readPlace,
  describe: (idOf) => ({ tag: 'array', value: { len: PLACE_BYTES, type: idOf(u8) } }),
  minSize: PLACE_BYTES,
});

const KEY = Buffer.alloc(PLACE_BYTES);

/** As the key of a table: in their order. Right until the next one is asked for: LMDB takes a key at once, for writes as for reads. */
export function placeKey(at: Place): Buffer {
  KEY.writeUIntBE(at, 0, PLACE_BYTES);
  return KEY;
}

function writePlace(writer: Writer, at: Place): void {
  writer.u32(at % 2 ** 32);
  writer.u16(Math.floor(at / 2 ** 32));
}

function readPlace(reader: Reader): Place {
  const low = reader.u32();
  return low + reader.u16() * 2 ** 32;
}

/** As `writePlace` does, also a `freshPlace`. */
export function putPlace(bytes: Uint8Array, at: number, place: Place): void {
  const high = Math.floor(place / 2 ** 32);
  const low = place - high * 2 ** 32;
  bytes[at] = low;
  bytes[at + 1] = low >>> 8;
  bytes[at + 2] = low >>> 16;
  bytes[at + 3] = low >>> 24;
  bytes[at + 4] = high;
  bytes[at + 5] = high >> 8;
}

export function placeAt(bytes: Uint8Array, at: number): Place {
  const low = byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16);
  const high = ((byte(bytes, at + 4) | (byte(bytes, at + 5) << 8)) << 16) >> 16;
  return low + byte(bytes, at + 3) * 2 ** 24 + high * 2 ** 32;
}

const byte = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
