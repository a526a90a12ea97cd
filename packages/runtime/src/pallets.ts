import type { Context, Outer, PalletDefinition, RuntimeVersion } from '@hamster/frame';
import {
  accountStore,
  arbitration,
  aura,
  balancesPallet,
  BlockDigest,
  currencyOf,
  depositLog,
  feeCurrencyOf,
  gateway,
  grandpa,
  isMigrating,
  ledgerOf,
  migrationsPallet,
  provider,
  resourceOrder,
  type SessionHandler,
  authoritiesPallet,
  Standstills,
  sudoPallet,
  systemPallet,
  timestampPallet,
  transactionPaymentPallet,
  type TransactionPaymentConfig,
  treasury,
  utilityPallet,
  validators,
} from '@hamster/pallets';
import {
  BASE_EXTRINSIC_WEIGHT,
  BLOCK_LENGTH,
  BLOCK_WEIGHTS,
  EXISTENTIAL_DEPOSIT,
  FEE_PER_BYTE,
  FEE_PER_REF_TIME,
  SS58_PREFIX,
  STANDSTILL_SLOTS,
} from './constants.ts';
import { POTS } from './pots.ts';

export interface PalletOptions {
  /** Between blocks, in ms; the genesis may say something else. */
  readonly slotDuration: bigint;
  readonly version: RuntimeVersion;
}

const balancesConfig = ({ holdReason }: Pick<Outer, 'holdReason'>) => ({
  accounts: accountStore,
  existentialDeposit: EXISTENTIAL_DEPOSIT,
  immortal: Object.values(POTS),
  holdReason,
});

/** How fees are taken: for the executive and for the runtime APIs. */
export const paymentConfig = (outer: Pick<Outer, 'holdReason'>): TransactionPaymentConfig => ({
  currency: feeCurrencyOf(ledgerOf(balancesConfig(outer))),
  treasury: POTS.treasury,
  baseWeight: BASE_EXTRINSIC_WEIGHT,
  maxBlock: BLOCK_WEIGHTS.max_block,
  feePerRefTime: FEE_PER_REF_TIME,
  feePerByte: FEE_PER_BYTE,
});

/** When nobody could report. */
const standstills = (ctx: Context) => Standstills.get(ctx);

const marketServices = (outer: Pick<Outer, 'holdReason'>) => {
  const currency = currencyOf(ledgerOf(balancesConfig(outer)));
  return { currency, standstills, ...provider.providerServices({ currency }) };
};

/** What the runtime APIs ask the pallets. */
export const readsOf = (outer: Pick<Outer, 'holdReason'>) => ({
  provider: provider.providerReads,
  orders: resourceOrder.resourceOrderReads(marketServices(outer)),
  /** Every pallet from which an account may have something to take, under the name that clients see. */
  withdrawables: {
    ProviderStake: provider.providerReads.withdrawable,
    GatewayStake: gateway.gatewayReads.withdrawable,
    GatewayRewards: gateway.gatewayReads.rewards,
    ValidatorRewards: validators.validatorReads.rewards,
  },
});
export type PalletReads = ReturnType<typeof readsOf>;

/**
 * The market's own pallets, and what they get of the others. Their hooks share one budget: orders come last, because a
 * thousand leases that end at once may use up all that the others leave.
 */
const marketPallets = (outer: Outer): readonly PalletDefinition[] => {
  const { currency, market, collateral } = marketServices(outer);
  const orders = { currency, market, collateral, standstills, pots: POTS };
  const leases = resourceOrder.disputeServices(orders);
  const panel = validators.validatorServices;
  return [
    provider.providerPallet({ currency }),
    validators.validatorsPallet({ currency, pot: POTS.validators }),
    arbitration.arbitrationPallet({ currency, leases, panel, standstills, treasury: POTS.treasury }),
    gateway.gatewayPallet({ currency, standstills, treasury: POTS.treasury, pot: POTS.gateways }),
    resourceOrder.resourceOrderPallet(orders),
    treasury.treasuryPallet({ currency, account: POTS.treasury }),
  ];
};

const { changeAuthorities } = aura.auraServices({ depositLog });
const { scheduleChange } = grandpa.grandpaServices({ depositLog });

/** Who gets which key when the authorities change; each has one vote. */
const consensusHandlers: readonly SessionHandler[] = [
  (ctx, authorities) =>
    changeAuthorities(
      ctx,
      authorities.map((keys) => keys.aura),
    ),
  (ctx, authorities) =>
    scheduleChange(
      ctx,
      authorities.map((keys) => [keys.grandpa, 1n]),
    ),
];

/** All pallets of the chain, in the order in which their hooks run. */
export const allPallets =
  ({ slotDuration, version }: PalletOptions) =>
  (outer: Outer): readonly PalletDefinition[] => [
    systemPallet({
      event: outer.event,
      version,
      blockWeights: BLOCK_WEIGHTS,
      blockLength: BLOCK_LENGTH,
      ss58Prefix: SS58_PREFIX,
    }),
    timestampPallet({
      minimumPeriod: slotDuration / 2n,
      ensureAllowed: aura.ensureTimeInSlot,
      standstillAfter: (ctx) =>
        isMigrating(ctx) ? 0n : STANDSTILL_SLOTS * (aura.SlotDuration.get(ctx) ?? slotDuration),
    }),
    balancesPallet(balancesConfig(outer)),
    transactionPaymentPallet(),
    utilityPallet(outer),
    sudoPallet(outer),
    aura.auraPallet({ slotDuration, digest: (at) => BlockDigest.get(at).logs }),
    grandpa.grandpaPallet(),
    authoritiesPallet({ handlers: consensusHandlers }),
    migrationsPallet(),
    ...marketPallets(outer),
  ];
