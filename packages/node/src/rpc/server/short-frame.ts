/** The last piece of a message and the first one, which is text (RFC 6455, 5.2). */
const WHOLE_TEXT = '\x81';
/** The longest text whose length is written in one byte. */
const MAX_BYTES = 125;

/** By the length of the text. */
const HEADS = Array.from({ length: MAX_BYTES + 1 }, (_, size) => WHOLE_TEXT + String.fromCharCode(size));

/**
 * A short text of ASCII as a frame of a WebSocket's server, to be written as latin1; undefined for any other. Frames as text are put
 * together for nothing, and many of them cost the socket what one does: an answer of a hundred bytes, as most are, costs more to send
 * alone than to make.
 */
export function shortFrame(text: string): string | undefined {
  const head = HEADS[text.length];
  return head !== undefined && Buffer.byteLength(text) === text.length ? head + text : undefined;
}
