import type { AccountId, Outer } from '@hamster/frame';
import { type MockChain, mockChain } from '@hamster/frame/testing';

import {
  accountStore,
  arbitration,
  authoritiesPallet,
  balancesPallet,
  currencyOf,
  gateway,
  ledgerOf,
  provider,
  resourceOrder,
  sudoPallet,
  timestampPallet,
  treasury,
  utilityPallet,
  validators,
} from '../../src/index.ts';
import type { Span } from '../../src/primitives/silence.ts';
import { system } from '../support/money.ts';
import { EXISTENTIAL_DEPOSIT, GRACE, HAM, MINUTE, PEOPLE, POTS, VALIDATORS } from './fixtures.ts';

type Overrides = Readonly<Record<string, bigint | number>>;

export interface MarketOptions {
  /** Parameters that differ from the public network's. */
  readonly provider?: Overrides;
  readonly resourceOrder?: Overrides;
  readonly gateway?: Overrides;
  readonly arbitration?: Overrides;
  readonly validators?: Overrides;
  /** Who the validators are; Eve, Frank and Grace unless told otherwise. */
  readonly panel?: readonly AccountId[];
  /** When the chain stood still; the test may add to it. */
  readonly standstills?: readonly Span[];
  /** Pots that exist from the start; all of them unless told otherwise. */
  readonly pots?: readonly (keyof typeof POTS)[];
}

const ALL_POTS = ['gateways', 'validators', 'treasury'] as const;

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

const genesisOf = (options: MarketOptions) => ({
  balances: {
    balances: [
      ...[...PEOPLE, ...VALIDATORS].map((who) => [hex(who), String(1_000_000n * HAM)]),
      ...(options.pots ?? ALL_POTS).map((pot) => [hex(POTS[pot]), String(EXISTENTIAL_DEPOSIT)]),
    ],
  },
  sudo: { key: hex(GRACE) },
  provider: { parameters: options.provider },
  resourceOrder: { parameters: options.resourceOrder },
  gateway: { parameters: options.gateway },
  arbitration: { parameters: options.arbitration },
  validators: {
    parameters: options.validators,
    validators: (options.panel ?? VALIDATORS).map((who) => ({
      account: hex(who),
      aura: hex(who),
      grandpa: hex(who.map((byte) => byte ^ 0xff)),
    })),
  },
});

export interface ComposedMarket {
  readonly chain: MockChain;
  readonly system: ReturnType<typeof system>['calls'];
  readonly timestamp: ReturnType<typeof timestampPallet>['calls'];
  readonly utility: ReturnType<typeof utilityPallet>['calls'];
  readonly sudo: ReturnType<typeof sudoPallet>['calls'];
  readonly authorities: ReturnType<typeof authoritiesPallet>['calls'];
  readonly balances: ReturnType<typeof balancesPallet>['calls'];
  readonly provider: ReturnType<typeof provider.providerPallet>['calls'];
  readonly resourceOrder: ReturnType<typeof resourceOrder.resourceOrderPallet>['calls'];
  readonly gateway: ReturnType<typeof gateway.gatewayPallet>['calls'];
  readonly arbitration: ReturnType<typeof arbitration.arbitrationPallet>['calls'];
  readonly validators: ReturnType<typeof validators.validatorsPallet>['calls'];
  readonly treasury: ReturnType<typeof treasury.treasuryPallet>['calls'];
  readonly currency: ReturnType<typeof currencyOf>;
}

const marketOf = (outer: Outer, standstills: () => readonly Span[]) => {
  const { holdReason } = outer;
  const balances = { accounts: accountStore, existentialDeposit: EXISTENTIAL_DEPOSIT, holdReason };
  const currency = currencyOf(ledgerOf(balances));
  const orders = { currency, standstills, ...provider.providerServices({ currency }), pots: POTS };
  const leases = resourceOrder.disputeServices(orders);
  const panel = validators.validatorServices;
  return {
    currency,
    system: system(outer),
    timestamp: timestampPallet({ minimumPeriod: 500n, standstillAfter: () => MINUTE }),
    balances: balancesPallet(balances),
    utility: utilityPallet(outer),
    sudo: sudoPallet(outer),
    authorities: authoritiesPallet({ handlers: [] }),
    provider: provider.providerPallet({ currency }),
    validators: validators.validatorsPallet({ currency, pot: POTS.validators }),
    arbitration: arbitration.arbitrationPallet({
      currency,
      leases,
      panel,
      standstills,
      treasury: POTS.treasury,
    }),
    gateway: gateway.gatewayPallet({ currency, standstills, treasury: POTS.treasury, pot: POTS.gateways }),
    resourceOrder: resourceOrder.resourceOrderPallet(orders),
    treasury: treasury.treasuryPallet({ currency, account: POTS.treasury }),
  };
};

/** All pallets that have calls, plugged together as in the runtime; Grace has the key of root. */
export const composeMarket = (options: MarketOptions): ComposedMarket => {
  const parts: { market?: ReturnType<typeof marketOf> } = {};
  const chain = mockChain({
    genesis: genesisOf(options),
    pallets: (outer) => {
      const { currency: _, ...pallets } = (parts.market = marketOf(outer, () => options.standstills ?? []));
      return Object.values(pallets);
    },
  });
  const { currency, ...pallets } = parts.market as ReturnType<typeof marketOf>;
  return {
    chain,
    currency,
    system: pallets.system.calls,
    timestamp: pallets.timestamp.calls,
    balances: pallets.balances.calls,
    utility: pallets.utility.calls,
    sudo: pallets.sudo.calls,
    authorities: pallets.authorities.calls,
    provider: pallets.provider.calls,
    resourceOrder: pallets.resourceOrder.calls,
    gateway: pallets.gateway.calls,
    arbitration: pallets.arbitration.calls,
    validators: pallets.validators.calls,
    treasury: pallets.treasury.calls,
  };
};
