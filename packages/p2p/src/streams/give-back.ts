/** Smaller portions are no burden. */
const LARGE = 8 * 1024;

/**
 * Gives back the memory of what came from a socket and has been sent on; nobody may use it afterwards. Left to the garbage
 * collector it counts as growth, which has that look through the whole heap again and again: at some hundred MB/s that is
 * most of the processor's time.
 */
export function giveBack({ buffer, length }: Uint8Array): void {
  // Not where a portion shares its memory with others.
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === length;
  if (isAlone && length >= LARGE) buffer.transfer(0);
}
