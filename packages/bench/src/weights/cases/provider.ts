import { HAM } from '@hamster/runtime';
import type { CallCase } from '../case.ts';
import { at, DAY, LONGEST } from '../cast.ts';
import type { Chain } from '../chain.ts';
import { machine, MACHINE, orderSlice, pricesAt } from '../scene.ts';

/** As many slices as a machine may be cut into. */
const MAX_SLICES = 256;

/** A call of each provider about its own machine. */
const ofMachine = (
  name: string,
  proof: string,
  args: (chain: Chain) => readonly unknown[],
  more: Partial<CallCase> = {},
): CallCase => ({
  call: `Provider.${name}`,
  proof: `provider.${proof}`,
  make: (chain, { providers, size }, index) => ({
    by: at(providers, index),
    call: chain.call(`Provider.${name}`, (index % size) + 1, ...args(chain)),
  }),
  ...more,
});

const ofProvider = (
  name: string,
  proof: string,
  args: (chain: Chain) => readonly unknown[],
  more: Partial<CallCase> = {},
): CallCase => ({
  call: `Provider.${name}`,
  proof: `provider.${proof}`,
  make: (chain, { providers }, index) => ({
    by: at(providers, index),
    call: chain.call(`Provider.${name}`, ...args(chain)),
  }),
  ...more,
});

const inDays = (chain: Chain, days: number): number => chain.moment.now + days * DAY;

export const providerCases: readonly CallCase[] = [
  ofProvider('stake', 'Staked', () => [String(HAM)], { endless: true }),
  ofProvider('unstake', 'Unstaked', () => [String(HAM)]),
  ofProvider('withdraw_unbonded', 'Withdrawn', () => [], { wait: 8 * DAY }),
  ofProvider('register_resource', 'ResourceRegistered', machine),
  ofMachine('update_prices', 'ResourceUpdated', () => [pricesAt(50)], { endless: true }),
  ofMachine('update_capacity', 'ResourceUpdated', () => [MACHINE], { endless: true }),
  ofMachine('update_endpoint', 'ResourceUpdated', () => [LONGEST.peerId, LONGEST.images], { endless: true }),
  ofMachine('set_status', 'ResourceStatusChanged', () => ['Draining'], { endless: true }),
  ofMachine('announce_maintenance', 'MaintenanceAnnounced', (chain) => [
    inDays(chain, 1),
    inDays(chain, 1) + 60_000,
  ]),
  ofMachine('set_available_until', 'ResourceUpdated', (chain) => [inDays(chain, 300)], {
    count: ({ size }) => Math.min(size, 2),
    endless: true,
    prepare(chain, { renters, size }) {
      for (const resource of size > 1 ? [1, 2] : [1]) {
        for (let count = 1; count < MAX_SLICES; count++) orderSlice(chain, at(renters, count), resource);
      }
    },
  }),
  {
    call: 'Provider.remove_resource',
    proof: 'provider.ResourceRemoved',
    prepare(chain, { providers }) {
      for (const provider of providers) chain.send(provider, 'Provider.register_resource', ...machine(chain));
    },
    make: (chain, { providers, size }, index) => ({
      by: at(providers, index),
      call: chain.call('Provider.remove_resource', size + index + 1),
    }),
  },
];
