import '@hamster/ui/base.css';
import { connectChain } from './chain/connect-chain.ts';
import { startPage } from './start-page.ts';

startPage({
  page: {
    storage: localStorage,
    daemon: { tab: sessionStorage, browser: localStorage },
    systemDark: matchMedia('(prefers-color-scheme: dark)'),
    wallets: window,
  },
  connect: connectChain,
});
