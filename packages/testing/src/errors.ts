type Code = 'PROCESS_ENDED' | 'PROCESS_SILENT' | 'PORT_TAKEN' | 'NOT_READY' | 'COMMAND_FAILED';

/** Something of the local network did not do what it should; the message holds the end of its log. */
export class LocalNetworkError extends Error {
  override readonly name = 'LocalNetworkError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
