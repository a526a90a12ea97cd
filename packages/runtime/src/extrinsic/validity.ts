import { InvalidTransaction, type TransactionFault } from '@hamster/frame';
import { type Infer, type Result, result, struct, u64, u8, variant, bool, bytes, vec } from '@hamster/scale';

export const TransactionSource = variant('sp_runtime::transaction_validity::TransactionSource', {
  InBlock: null,
  Local: null,
  External: null,
});

export const ValidTransaction = struct('sp_runtime::transaction_validity::ValidTransaction', {
  priority: u64,
  requires: vec(bytes),
  provides: vec(bytes),
  longevity: u64,
  propagate: bool,
});

const Invalid = variant('sp_runtime::transaction_validity::InvalidTransaction', {
  Call: null,
  Payment: null,
  Future: null,
  Stale: null,
  BadProof: null,
  AncientBirthBlock: null,
  ExhaustsResources: null,
  Custom: u8,
  BadMandatory: null,
  MandatoryValidation: null,
  BadSigner: null,
  IndeterminateImplicit: null,
});

const Unknown = variant('sp_runtime::transaction_validity::UnknownTransaction', {
  CannotLookup: null,
  NoUnsignedValidator: null,
  Custom: u8,
});

export const TransactionValidityError = variant(
  'sp_runtime::transaction_validity::TransactionValidityError',
  {
    Invalid,
    Unknown,
  },
);
export type TransactionValidityError = Infer<typeof TransactionValidityError>;

export const TransactionValidity = result(ValidTransaction, TransactionValidityError);

const encodableFault = ({ validity, kind, custom = 0 }: TransactionFault): TransactionValidityError => {
  const value = kind === 'Custom' ? { type: kind, value: custom } : { type: kind };
  return { type: validity, value } as TransactionValidityError;
};

/** An `InvalidTransaction` that was thrown, in the shape of the wire; throws everything else again. */
export const asInvalidity = (error: unknown): Result<never, TransactionValidityError> => {
  if (error instanceof InvalidTransaction) return { ok: false, error: encodableFault(error.fault) };
  throw error;
};

/** The answer of something that may throw `InvalidTransaction`, in the shape of the wire. */
export const asValidity = <T>(answer: () => T): Result<T, TransactionValidityError> => {
  try {
    return { ok: true, value: answer() };
  } catch (error) {
    return asInvalidity(error);
  }
};
