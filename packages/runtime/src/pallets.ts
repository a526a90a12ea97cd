import type { Outer, PalletDefinition } from '@hamster/frame';
import {
  accountStore,
  aura,
  balancesPallet,
  BlockDigest,
  currencyOf,
  feeCurrencyOf,
  gateway,
  grandpa,
  ledgerOf,
  provider,
  resourceOrder,
  sudoPallet,
  systemPallet,
  timestampPallet,
  transactionPaymentPallet,
  type TransactionPaymentConfig,
  utilityPallet,
} from '@hamster/pallets';
import {
  BASE_EXTRINSIC_WEIGHT,
  BLOCK_LENGTH,
  BLOCK_WEIGHTS,
  EXISTENTIAL_DEPOSIT,
  FEE_PER_BYTE,
  FEE_PER_REF_TIME,
  SS58_PREFIX,
} from './constants.ts';
import { POTS } from './pots.ts';
import { VERSION } from './version.ts';

export interface PalletOptions {
  /** Between blocks, in ms; the genesis may say something else. */
  readonly slotDuration: bigint;
}

const balancesConfig = ({ holdReason }: Pick<Outer, 'holdReason'>) => ({
  accounts: accountStore,
  existentialDeposit: EXISTENTIAL_DEPOSIT,
  holdReason,
});

/** How fees are taken: for the executive and for the runtime APIs. */
export const paymentConfig = (outer: Pick<Outer, 'holdReason'>): TransactionPaymentConfig => ({
  currency: feeCurrencyOf(ledgerOf(balancesConfig(outer))),
  treasury: POTS.treasury,
  baseWeight: BASE_EXTRINSIC_WEIGHT,
  feePerRefTime: FEE_PER_REF_TIME,
  feePerByte: FEE_PER_BYTE,
});

/** The market's own pallets, and what they get of the others. */
const marketPallets = (outer: Outer): readonly PalletDefinition[] => {
  const currency = currencyOf(ledgerOf(balancesConfig(outer)));
  const { market, collateral } = provider.providerServices({ currency });
  return [
    provider.providerPallet({ currency }),
    resourceOrder.resourceOrderPallet({ currency, market, collateral, pots: POTS }),
    gateway.gatewayPallet({ currency, treasury: POTS.treasury }),
  ];
};

/** All pallets of the chain, in the order in which their hooks run. */
export const allPallets =
  ({ slotDuration }: PalletOptions) =>
  (outer: Outer): readonly PalletDefinition[] => [
    systemPallet({
      event: outer.event,
      version: VERSION,
      blockWeights: BLOCK_WEIGHTS,
      blockLength: BLOCK_LENGTH,
      ss58Prefix: SS58_PREFIX,
    }),
    timestampPallet({ minimumPeriod: slotDuration / 2n, ensureAllowed: aura.ensureTimeInSlot }),
    balancesPallet(balancesConfig(outer)),
    transactionPaymentPallet(),
    utilityPallet(outer),
    sudoPallet(outer),
    aura.auraPallet({ slotDuration, digest: (at) => BlockDigest.get(at).logs }),
    grandpa.grandpaPallet(),
    ...marketPallets(outer),
  ];
