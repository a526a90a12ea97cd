import { defineType, u8, type Reader, type Writer } from '@hamster/scale';
import type { Place } from '../trie/node.ts';

/** 2^48 places: a thousand million full blocks. */
export const PLACE_BYTES = 6;

/** A place in six bytes, little-endian as SCALE's integers are, of which none has that length. */
export const place = defineType<Place>({
  encodeInto: writePlace,
  decodeFrom: readPlace,
  describe: (idOf) => ({ tag: 'array', value: { len: PLACE_BYTES, type: idOf(u8) } }),
  minSize: PLACE_BYTES,
});

/** As the key of a table: in their order. */
export function placeKey(at: Place): Buffer {
  const key = Buffer.allocUnsafe(PLACE_BYTES);
  key.writeUIntBE(at, 0, PLACE_BYTES);
  return key;
}

export function writePlace(writer: Writer, at: Place): void {
  writer.u32(at % 2 ** 32);
  writer.u16(Math.floor(at / 2 ** 32));
}

export function readPlace(reader: Reader): Place {
  const low = reader.u32();
  return low + reader.u16() * 2 ** 32;
}
