export type ScaleErrorCode =
  | 'SCALE_END_OF_INPUT'
  | 'SCALE_TRAILING_BYTES'
  | 'SCALE_TOO_LONG'
  | 'SCALE_TOO_DEEP'
  | 'SCALE_TOO_MANY'
  | 'SCALE_NOT_CANONICAL'
  | 'SCALE_OUT_OF_RANGE'
  | 'SCALE_UNKNOWN_VARIANT'
  | 'SCALE_INVALID_BOOL'
  | 'SCALE_INVALID_UTF8'
  | 'SCALE_WRONG_LENGTH';

/** Bytes that are no encoding of the type, or a value that the type can't hold. */
export class ScaleError extends Error {
  override readonly name = 'ScaleError';
  readonly code: ScaleErrorCode;

  constructor(code: ScaleErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
