/** Why the pool refused an extrinsic. `rpcCode`, `message` and `data` are what Substrate's `author_*` methods answer. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
  readonly code: PoolErrorCode;
  readonly rpcCode: number;
  readonly data: string | number | undefined;

  constructor(code: PoolErrorCode, message: string, data?: string | number) {
    super(message);
    this.code = code;
    this.rpcCode = RPC_CODES[code];
    this.data = data;
  }
}

const RPC_CODES = {
  BAD_FORMAT: 1001,
  VERIFICATION: 1002,
  INVALID_TRANSACTION: 1010,
  UNKNOWN_VALIDITY: 1011,
  TEMPORARILY_BANNED: 1012,
  ALREADY_IMPORTED: 1013,
  TOO_LOW_PRIORITY: 1014,
  IMMEDIATELY_DROPPED: 1016,
} as const;

export type PoolErrorCode = keyof typeof RPC_CODES;
