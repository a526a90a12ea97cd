import type { InjectedHost } from '@hamster/ui/wallet';
import type { InjectionKey } from 'vue';
import type { Stores } from '../features/daemon/access.ts';
import type { ConnectChain } from './port.ts';

/** What the composition root hands to stores and components. */
export const CONNECT_CHAIN: InjectionKey<ConnectChain> = Symbol('connect chain');
export const PAGE: InjectionKey<Page> = Symbol('page');

/** The browser, as far as the page uses it apart from the document. */
export interface Page {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Where the way to the daemon on this computer is kept. */
  readonly daemon: Stores;
  readonly systemDark: MediaQueryList;
  readonly wallets: InjectedHost;
}
