import { Reader, readLength, ScaleError } from '@hamster/scale';

/**
 * The extrinsic that `bytes` begin with, as Substrate's node takes one from outside: a length, and as many bytes. What is behind
 * these belongs to nothing, and is passed over: neither the hash nor a block has it. What is inside, the runtime tells, to
 * the last byte. Undefined where there are fewer bytes than it says.
 */
export function opaqueExtrinsic(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const reader = new Reader(bytes);
    const length = readLength(reader);
    return length <= reader.remaining ? beginning(bytes, reader.offset + length) : undefined;
  } catch (error) {
    if (error instanceof ScaleError) return undefined;
    throw error;
  }
}

/** Not a view: whoever kept that for long would keep all that stands behind it, too. */
const beginning = (bytes: Uint8Array, length: number): Uint8Array =>
  length === bytes.length ? bytes : new Uint8Array(bytes.subarray(0, length));
