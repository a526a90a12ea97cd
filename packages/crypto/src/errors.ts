/** Bytes or text that cannot be what they are said to be. The caller's fault, never transient. */
export class MalformedInput extends Error {
  override readonly name = 'MalformedInput';
  readonly code = 'CRYPTO_MALFORMED_INPUT';
}
