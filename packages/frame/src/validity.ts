/** Substrate's own names; the order of the wire is in `types/validity.ts`. */
export type InvalidTransactionKind =
  | 'Call'
  | 'Payment'
  | 'Future'
  | 'Stale'
  | 'BadProof'
  | 'AncientBirthBlock'
  | 'ExhaustsResources'
  | 'Custom'
  | 'BadMandatory'
  | 'MandatoryValidation'
  | 'BadSigner'
  | 'IndeterminateImplicit';

export type UnknownTransactionKind = 'CannotLookup' | 'NoUnsignedValidator' | 'Custom';

export type TransactionFault =
  | { readonly validity: 'Invalid'; readonly kind: InvalidTransactionKind; readonly custom?: number }
  | { readonly validity: 'Unknown'; readonly kind: UnknownTransactionKind; readonly custom?: number };

/** The extrinsic can't be in this block (or in any). The sender's fault, or its timing: never a bug of the node. */
export class InvalidTransaction extends Error {
  override readonly name = 'InvalidTransaction';
  readonly code = 'INVALID_TRANSACTION';
  readonly validity: 'Invalid' | 'Unknown';
  readonly kind: InvalidTransactionKind | UnknownTransactionKind;
  readonly custom: number | undefined;

  constructor(fault: TransactionFault, detail: string) {
    super(`${fault.validity} transaction (${fault.kind}): ${detail}`);
    this.validity = fault.validity;
    this.kind = fault.kind;
    this.custom = fault.custom;
  }

  /** The fault alone, as it is encoded on the wire. */
  get fault(): TransactionFault {
    return { validity: this.validity, kind: this.kind, custom: this.custom } as TransactionFault;
  }
}

export const invalid = (kind: InvalidTransactionKind, detail: string): InvalidTransaction =>
  new InvalidTransaction({ validity: 'Invalid', kind }, detail);

/** Nobody serves this runtime API here. */
export class UnknownRuntimeApi extends Error {
  override readonly name = 'UnknownRuntimeApi';
  readonly code = 'UNKNOWN_RUNTIME_API';
  readonly method: string;

  constructor(method: string, why = 'the metadata lists what it serves') {
    super(`This runtime does not serve "${method}": ${why}`);
    this.method = method;
  }
}
