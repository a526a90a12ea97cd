/// <reference types="vite/client" />
import type { InjectedWallets } from '@hamster/ui/wallet';

declare global {
  interface ImportMetaEnv {
    /** Address of the node that the build was made for. */
    readonly VITE_HAMSTER_RPC?: string;
  }

  interface Window {
    readonly injectedWeb3?: InjectedWallets;
  }
}
