import type { IconName } from '@hamster/ui';

/** The places of the page, in their order. `within`: names of pages that belong to it. */
export const NAV: readonly { name: string; icon: IconName; label: string; within: readonly string[] }[] = [
  { name: 'market', icon: 'market', label: 'nav.market', within: ['market', 'rent'] },
  { name: 'machines', icon: 'machine', label: 'nav.machines', within: ['machines', 'machine'] },
  { name: 'account', icon: 'wallet', label: 'nav.account', within: ['account'] },
];
