/** The last piece of a message and the first one, which is text (RFC 6455, 5.2). */
const WHOLE_TEXT = 0x81;
/** The longest text whose length is written in one byte. */
const MAX_BYTES = 125;
const HEAD_BYTES = 2;

/**
 * A short text as a frame of a WebSocket's server; undefined for a longer one. It is one piece, where `ws` writes the head of a frame
 * and the text as two: an answer of a hundred bytes, as most are, is made faster than those are sent.
 */
export function shortFrame(text: string): Uint8Array | undefined {
  if (text.length > MAX_BYTES) return undefined;
  const size = Buffer.byteLength(text);
  if (size > MAX_BYTES) return undefined;
  const frame = Buffer.allocUnsafe(HEAD_BYTES + size);
  frame[0] = WHOLE_TEXT;
  frame[1] = size;
  frame.write(text, HEAD_BYTES);
  return frame;
}
