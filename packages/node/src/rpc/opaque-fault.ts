import { Reader, readLength, ScaleError } from '@hamster/scale';

/** In the words of parity-scale-codec. */
const TOO_FEW_FOR_LENGTH = 'Not enough data to fill buffer';
const OUT_OF_RANGE = 'out of range decoding Compact<u32>';
const TOO_FEW_BYTES = 'Not enough data to decode vector';

/** What is wrong with bytes that are no opaque extrinsic: with their length, or that there are not as many as it says. */
export function opaqueFault(bytes: Uint8Array): string {
  try {
    readLength(new Reader(bytes));
    return TOO_FEW_BYTES;
  } catch (error) {
    if (error instanceof ScaleError) return lengthFault(error, bytes[0]);
    throw error;
  }
}

/** `first` tells how the length is written: 3 for four bytes, and more for more of them, which no length has. */
function lengthFault({ code }: ScaleError, first = 0): string {
  if (first % 4 === 3 && first > 3) return OUT_OF_RANGE;
  if (code === 'SCALE_TOO_LONG') return TOO_FEW_BYTES;
  return code === 'SCALE_END_OF_INPUT' ? TOO_FEW_FOR_LENGTH : OUT_OF_RANGE;
}

const WHERE = 'Could not decode `OpaqueExtrinsic.0`';

/** The fault as Rust displays it. */
export const faultText = (fault: string): string => `${WHERE}:\n\t${fault}\n`;

/** The fault as Rust prints it for debugging, which payment_* answer. */
export const faultDebugText = (fault: string): string =>
  `Error { cause: Some(Error { cause: None, desc: "${fault}" }), desc: "${WHERE}" }`;
