export type WalletErrorCode =
  'WALLET_MISSING' | 'WALLET_SILENT' | 'WALLET_REFUSED' | 'WALLET_EMPTY' | 'ACCOUNT_UNKNOWN';

/** A wallet did not do what was asked of it. The page has a sentence for each code. */
export class WalletError extends Error {
  override readonly name = 'WalletError';
  readonly code: WalletErrorCode;

  constructor(code: WalletErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
