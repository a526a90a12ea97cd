export type StateErrorCode =
  /** The state was pruned, or never was here. */
  | 'STATE_UNAVAILABLE'
  /** Bytes in the store are not what their hash promises: a damaged database. */
  | 'STATE_CORRUPT'
  /** A key that is empty or longer than MAX_KEY_LENGTH. */
  | 'STATE_KEY_LENGTH'
  /** commit or rollback without begin, or changes asked for while a layer is open. A bug of the caller. */
  | 'STATE_LAYERS'
  /** Blocks written or finalised out of order. A bug of the caller. */
  | 'STATE_ORDER';

export class StateError extends Error {
  override readonly name = 'StateError';
  readonly code: StateErrorCode;

  constructor(code: StateErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
