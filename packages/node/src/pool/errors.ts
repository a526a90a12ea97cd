import type { InvalidTransaction } from '@hamster/frame';
import type { Hash } from '../header.ts';

const RPC_CODES = {
  BAD_FORMAT: 1002,
  VERIFICATION: 1002,
  TOO_LONG: 1010,
  INVALID_TRANSACTION: 1010,
  UNKNOWN_VALIDITY: 1011,
  TEMPORARILY_BANNED: 1012,
  ALREADY_IMPORTED: 1013,
  TOO_LOW_PRIORITY: 1014,
  IMMEDIATELY_DROPPED: 1016,
} as const;

export type PoolErrorCode = keyof typeof RPC_CODES;

/** Why the pool refused an extrinsic. `rpcCode`, `message` and `data` are what Substrate's `author_*` methods answer. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
  readonly code: PoolErrorCode;
  readonly rpcCode: number;
  readonly data: string | undefined;

  constructor(code: PoolErrorCode, message: string, data?: string) {
    super(message);
    this.code = code;
    this.rpcCode = RPC_CODES[code];
    this.data = data;
  }
}

/** Substrate's sentences: wallets show them, and some compare them. */
const INVALID_TEXT: Record<string, string> = {
  Call: 'Transaction call is not expected',
  Payment: 'Inability to pay some fees (e.g. account balance too low)',
  Future: 'Transaction will be valid in the future',
  Stale: 'Transaction is outdated',
  BadProof: 'Transaction has a bad signature',
  AncientBirthBlock: 'Transaction has an ancient birth block',
  ExhaustsResources: 'Transaction would exhaust the block limits',
  BadMandatory: 'A call was labelled as mandatory, but resulted in an Error.',
  MandatoryValidation: 'Transaction dispatch is mandatory; transactions must not be validated.',
  BadSigner: 'Invalid signing address',
  IndeterminateImplicit: 'The implicit data was unable to be calculated',
};

const UNKNOWN_TEXT: Record<string, string> = {
  CannotLookup: 'Could not lookup information required to validate the transaction',
  NoUnsignedValidator: 'Could not find an unsigned validator for the unsigned transaction',
};

/** Of an unknown validity Substrate tells the name and no sentence. */
export function refusal({ validity, kind, custom = 0 }: InvalidTransaction): PoolError {
  if (validity === 'Invalid') {
    const data = INVALID_TEXT[kind] ?? `Custom error: ${custom}`;
    return new PoolError('INVALID_TRANSACTION', 'Invalid Transaction', data);
  }
  const data = UNKNOWN_TEXT[kind] === undefined ? `Custom(${custom})` : kind;
  return new PoolError('UNKNOWN_VALIDITY', 'Unknown Transaction Validity', data);
}

/** The sentence behind the name of an unknown validity. */
export const unknownValidity = (name: string | undefined): string =>
  UNKNOWN_TEXT[name ?? ''] ?? 'UnknownTransaction custom error';

/** Substrate's pool takes any bytes for an extrinsic, and hears from the runtime, which fails on these, that they are none. */
export const badFormat = (detail: string): PoolError => {
  const failed = `Execution failed: ${detail}`;
  return new PoolError(
    'BAD_FORMAT',
    `Verification Error: Runtime error: ${failed}`,
    `RuntimeApi(${JSON.stringify(failed)})`,
  );
};

export const tooLong = (): PoolError =>
  new PoolError('TOO_LONG', 'Invalid Transaction', INVALID_TEXT['ExhaustsResources']);

export const badSignature = (): PoolError =>
  new PoolError('INVALID_TRANSACTION', 'Invalid Transaction', INVALID_TEXT['BadProof']);

export const alreadyImported = (hash: Hash): PoolError =>
  new PoolError('ALREADY_IMPORTED', 'Transaction Already Imported', hash);

export const banned = (): PoolError =>
  new PoolError('TEMPORARILY_BANNED', 'Transaction is temporarily banned');

export const tooLowPriority = (old: bigint, offered: bigint): PoolError =>
  new PoolError(
    'TOO_LOW_PRIORITY',
    `Priority is too low: (${old} vs ${offered})`,
    'The transaction has too low priority to replace another transaction already in the pool.',
  );

export const poolFull = (limit: string): PoolError =>
  new PoolError(
    'IMMEDIATELY_DROPPED',
    'Immediately Dropped',
    `The transaction couldn't enter the pool because of the limit: ${limit}`,
  );

/** The runtime broke down over this extrinsic: a bug of ours, not the sender's. */
export const runtimeFailed = (): PoolError =>
  new PoolError(
    'VERIFICATION',
    'Verification Error: the runtime failed on this transaction; see the node log',
  );
