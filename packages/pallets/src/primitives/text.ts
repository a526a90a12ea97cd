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

/**
 * Text that is shown to people: UTF-8 without control characters, line or paragraph separators, or the invisible
 * characters that change how their neighbours are read.
 */
export const isPlainText = (bytes: Uint8Array): boolean =>
  matches(bytes, /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*$/u);

/** Base58 text of a libp2p peer id: an Ed25519 key ("12D3Koo…") or a hash ("Qm…"). */
export const isPeerId = (bytes: Uint8Array): boolean =>
  matches(bytes, /^(12D3KooW[1-9A-HJ-NP-Za-km-z]{44}|Qm[1-9A-HJ-NP-Za-km-z]{44})$/);

/** A name that is safe in a path or a command line: "debian-13", "ghcr.io/name/image:1.2". */
export const isImageName = (bytes: Uint8Array): boolean =>
  matches(bytes, /^[A-Za-z0-9]([A-Za-z0-9._:@+-]|\/(?!\.))*$/) && !matches(bytes, /\.\./);

/** Looks like a multiaddress: "/ip4/198.51.100.7/tcp/4001/ws". */
export const isMultiaddr = (bytes: Uint8Array): boolean => matches(bytes, /^(\/[A-Za-z0-9._:%-]+)+$/);
