export type RuntimeWasmErrorCode =
  /** A bug in the generator. */
  | 'MALFORMED_MODULE'
  /** The metadata of the runtime lacks something that light clients need. */
  | 'METADATA_INCOMPLETE'
  /** The weight of a call depends on its arguments in a way that the generator cannot express. */
  | 'WEIGHT_NOT_LINEAR'
  /** The class of a call depends on the calls inside of it in a way that the generator cannot express. */
  | 'CLASS_NOT_OF_CALLS';

/** No WebAssembly can be generated for this runtime: the runtime and the generator do not fit together. */
export class RuntimeWasmError extends Error {
  override readonly name = 'RuntimeWasmError';
  readonly code: RuntimeWasmErrorCode;

  constructor(code: RuntimeWasmErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
