export type { AccountSigner, AccountSource, WalletAccount, WalletConnection } from './account.ts';
export { connectDevelopment } from './development.ts';
export { WalletError, type WalletErrorCode } from './errors.ts';
export { connectExtension, type ExtensionRequest } from './extension.ts';
export {
  installedWallets,
  type InjectedHost,
  type InjectedWallet,
  type InjectedWallets,
} from './injected.ts';
