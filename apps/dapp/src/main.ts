import '@hamster/ui/base.css';
import { connectChain } from './chain/connect-chain.ts';
import { isThisComputer } from './features/daemon/access.ts';
import { startPage } from './start-page.ts';

startPage({
  page: {
    storage: localStorage,
    // Any page that is ever served at the same port of this computer could read it in `localStorage`.
    daemon: {
      tab: sessionStorage,
      browser: isThisComputer(location.hostname) ? undefined : localStorage,
    },
    systemDark: matchMedia('(prefers-color-scheme: dark)'),
    wallets: window,
  },
  connect: connectChain,
});
