import type { KeyringPair } from '@polkadot/keyring/types';
import type { Signer } from '@polkadot/types/types';

/** Where an account's key is: in an extension, named as it calls itself, or in the page (development chains only). */
export type AccountSource =
  { readonly kind: 'extension'; readonly wallet: string } | { readonly kind: 'development' };

/** An account that somebody can choose. `address` has the chain's SS58 prefix. */
export interface WalletAccount {
  readonly address: string;
  readonly name: string;
  readonly source: AccountSource;
}

/** What signs for an account: a wallet's signer, which asks its owner, or a key pair held by the page. */
export type AccountSigner =
  | { readonly kind: 'wallet'; readonly address: string; readonly signer: Signer }
  | { readonly kind: 'pair'; readonly address: string; readonly pair: KeyringPair };

/** A wallet that let the page in. */
export interface WalletConnection {
  readonly source: AccountSource;
  accounts(): readonly WalletAccount[];
  /** Calls back with every later change of the accounts until the returned function is called. */
  onAccounts(listener: (accounts: readonly WalletAccount[]) => void): () => void;
  /** Throws {@link WalletError} `ACCOUNT_UNKNOWN` for an account that the wallet no longer shows. */
  signerFor(address: string): AccountSigner;
}
