import type { RouteRecordRaw } from 'vue-router';

/** One lazy page per feature; `title` is a key of the catalogue. */
export const routes: RouteRecordRaw[] = [
  { path: '/', redirect: { name: 'market' } },
  {
    path: '/market',
    name: 'market',
    meta: { title: 'nav.market' },
    component: () => import('./features/market/MarketPage.vue'),
  },
  {
    path: '/market/:offer(\\d+)',
    name: 'rent',
    meta: { title: 'rent.title' },
    component: () => import('./features/rent/RentPage.vue'),
    props: ({ params }) => ({ offerId: Number(params['offer']) }),
  },
  {
    path: '/machines',
    name: 'machines',
    meta: { title: 'nav.machines' },
    component: () => import('./features/machines/MachinesPage.vue'),
  },
  {
    path: '/machines/:id(\\d+)',
    name: 'machine',
    meta: { title: 'nav.machines' },
    component: () => import('./features/machines/MachinePage.vue'),
    props: ({ params }) => ({ id: Number(params['id']) }),
  },
  {
    path: '/account',
    name: 'account',
    meta: { title: 'nav.account' },
    component: () => import('./features/account/AccountPage.vue'),
  },
  {
    path: '/daemon',
    name: 'daemon',
    meta: { title: 'daemon.title' },
    component: () => import('./features/daemon/DaemonPage.vue'),
  },
  {
    path: '/:rest(.*)*',
    name: 'lost',
    meta: { title: 'lost.title' },
    component: () => import('./shell/LostPage.vue'),
  },
];
