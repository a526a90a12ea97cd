/** Text that came as bytes. Undefined when it is no UTF-8. */
export const readText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const matches = (bytes: Uint8Array, pattern: RegExp): boolean => {
  const text = readText(bytes);
  return text !== undefined && pattern.test(text);
};

/** First and last of each range. By number, not by property: all nodes have to agree, whatever version of Unicode they know. */
const INVISIBLE = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
] as const;

const isVisible = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0;
  return !INVISIBLE.some(([first, last]) => code >= first && code <= last);
};

/**
 * Text that is shown to people: UTF-8 without control characters, line or paragraph separators, or characters that show
 * nothing: some of them change how their neighbours are read, and all of them make two texts that look alike.
 */
export const isPlainText = (bytes: Uint8Array): boolean => {
  const text = readText(bytes);
  return text !== undefined && /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u.test(text) && [...text].every(isVisible);
};

/** Base58 text of a libp2p peer id: an Ed25519 key ("12D3Koo…") or a hash ("Qm…"). */
export const isPeerId = (bytes: Uint8Array): boolean =>
  matches(bytes, /^(12D3KooW[1-9A-HJ-NP-Za-km-z]{44}|Qm[1-9A-HJ-NP-Za-km-z]{44})$/);

/** A name that is safe in a path or a command line: "debian-13", "ghcr.io/name/image:1.2". */
export const isImageName = (bytes: Uint8Array): boolean =>
  matches(bytes, /^[A-Za-z0-9]([A-Za-z0-9._:@+-]|\/(?!\.))*$/) && !matches(bytes, /\.\./);

/** Looks like a multiaddress: "/ip4/198.51.100.7/tcp/4001/ws". */
export const isMultiaddr = (bytes: Uint8Array): boolean => matches(bytes, /^(\/[A-Za-z0-9._:%-]+)+$/);
