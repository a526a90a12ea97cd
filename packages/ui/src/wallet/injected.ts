import type { Signer } from '@polkadot/types/types';

/** What polkadot.js-compatible extensions put into the page as `window.injectedWeb3`. */
export type InjectedWallets = Readonly<Record<string, InjectedWallet>>;

export interface InjectedWallet {
  readonly version?: string;
  enable?(origin: string): Promise<InjectedSession>;
}

export interface InjectedSession {
  readonly accounts: {
    get(): Promise<readonly InjectedAccount[]>;
    subscribe?(listener: (accounts: readonly InjectedAccount[]) => void): () => void;
  };
  readonly signer: Signer;
}

export interface InjectedAccount {
  readonly address: string;
  readonly name?: string;
  readonly type?: string;
}

/** Where extensions are found: the page's `window`, or a stand-in in tests. */
export interface InjectedHost {
  readonly injectedWeb3?: InjectedWallets;
}

/** Names of the extensions present now; some arrive only after the page has loaded. */
export function installedWallets(host: InjectedHost): string[] {
  return Object.entries(host.injectedWeb3 ?? {})
    .filter(([, wallet]) => typeof wallet.enable === 'function')
    .map(([name]) => name)
    .sort((a, b) => a.localeCompare(b));
}
