import { Pages } from '@hamster/scale';

/** Room for a dozen full branches, of which those that are kept are kept together: an update adds them at once. */
const pages = new Pages(8192);

/** For what is too long for V8's own heap and too short for memory of its own. Zeros. */
export const memory = (length: number): Uint8Array => pages.take(length);

export function copied(bytes: Uint8Array): Uint8Array {
  const copy = memory(bytes.length);
  copy.set(bytes);
  return copy;
}
