import { definePallet } from '@hamster/frame';
import { type MockChain, mockChain } from '@hamster/frame/testing';

import {
  accountStore,
  balancesPallet,
  currencyOf,
  gateway,
  ledgerOf,
  provider,
  resourceOrder,
  systemEvents,
} from '../../src/index.ts';
import { EXISTENTIAL_DEPOSIT, HAM, PEOPLE, POTS } from './fixtures.ts';

type Overrides = Readonly<Record<string, bigint | number>>;

export interface MarketOptions {
  /** Parameters that differ from the public network's. */
  readonly provider?: Overrides;
  readonly resourceOrder?: Overrides;
  readonly gateway?: Overrides;
  /** Pots that exist from the start; all of them unless told otherwise. */
  readonly pots?: readonly (keyof typeof POTS)[];
}

const ALL_POTS = ['gateways', 'validators', 'treasury'] as const;

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

const genesisOf = (options: MarketOptions) => ({
  balances: {
    balances: [
      ...PEOPLE.map((who) => [hex(who), String(1_000_000n * HAM)]),
      ...(options.pots ?? ALL_POTS).map((pot) => [hex(POTS[pot]), String(EXISTENTIAL_DEPOSIT)]),
    ],
  },
  provider: { parameters: options.provider },
  resourceOrder: { parameters: options.resourceOrder },
  gateway: { parameters: options.gateway },
});

export interface ComposedMarket {
  readonly chain: MockChain;
  readonly provider: ReturnType<typeof provider.providerPallet>['calls'];
  readonly resourceOrder: ReturnType<typeof resourceOrder.resourceOrderPallet>['calls'];
  readonly gateway: ReturnType<typeof gateway.gatewayPallet>['calls'];
  readonly currency: ReturnType<typeof currencyOf>;
}

/** System (its events only), balances, and the three pallets of the market, plugged together as in the runtime. */
export const composeMarket = (options: MarketOptions): ComposedMarket => {
  const parts: { market?: Omit<ComposedMarket, 'chain'> } = {};
  const chain = mockChain({
    genesis: genesisOf(options),
    pallets: ({ holdReason }) => {
      const balances = { accounts: accountStore, existentialDeposit: EXISTENTIAL_DEPOSIT, holdReason };
      const currency = currencyOf(ledgerOf(balances));
      const providers = provider.providerPallet({ currency });
      const services = provider.providerServices({ currency });
      const orders = resourceOrder.resourceOrderPallet({ currency, ...services, pots: POTS });
      const gateways = gateway.gatewayPallet({ currency, treasury: POTS.treasury });
      parts.market = {
        provider: providers.calls,
        resourceOrder: orders.calls,
        gateway: gateways.calls,
        currency,
      };
      const system = definePallet({ name: 'System', index: 0, events: systemEvents });
      return [system, balancesPallet(balances), providers, orders, gateways];
    },
  });
  return { chain, ...(parts.market as Omit<ComposedMarket, 'chain'>) };
};
