import { COLOR_SCHEME, createColorScheme } from '@hamster/ui';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { createRouter, createWebHashHistory } from 'vue-router';
import App from './App.vue';
import { CONNECT_CHAIN, PAGE, type Page } from './chain/keys.ts';
import { chooseNodeUrl } from './chain/node-url.ts';
import type { ConnectChain } from './chain/port.ts';
import { useSession } from './chain/session.store.ts';
import { createMessages } from './i18n/index.ts';
import { routes } from './routes.ts';

export interface PageModules {
  readonly page: Page;
  readonly connect: ConnectChain;
}

/** Puts the market into `#app` and connects it to a chain. */
export function startPage({ page, connect }: PageModules): void {
  const app = createApp(App);
  const pinia = createPinia();
  app.provide(CONNECT_CHAIN, connect);
  app.provide(PAGE, page);
  app.provide(COLOR_SCHEME, createColorScheme(page));
  app.use(pinia);
  app.use(createMessages());
  app.use(createRouter({ history: createWebHashHistory(), routes, scrollBehavior }));
  app.mount('#app');
  const url = chooseNodeUrl({
    query: location.search,
    storage: page.storage,
    built: import.meta.env.VITE_HAMSTER_RPC,
  });
  void useSession(pinia).use(url);
}

function scrollBehavior(_to: unknown, _from: unknown, saved: { left: number; top: number } | null): object {
  return saved ?? { left: 0, top: 0 };
}
