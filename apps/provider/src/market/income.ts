import type { Lease, OrderParameters } from '@hamster/chain-client';
import { isLive, leaseView } from '@hamster/chain-client/market';
import type { MarketView } from './market-view.ts';

const MILLION = 1_000_000n;

/** What one lease has brought and is about to, planck. */
export interface LeaseIncome {
  readonly lease: Lease;
  /** Rent that the chain has paid out. */
  readonly paid: bigint;
  /** `paid` less the protocol's fee, rounded. */
  readonly afterFee: bigint;
  /** Rent of time that has passed and is not paid out yet: the next reports do. */
  readonly pending: bigint;
}

export interface Income {
  readonly leases: readonly LeaseIncome[];
  readonly paid: bigint;
  readonly afterFee: bigint;
  readonly pending: bigint;
  /** What the account can send away now. */
  readonly withdrawable: bigint;
}

/** The income of this machine's leases, as far back as the chain remembers them. */
export function incomeOf({ leases, chainTime, balance, rules }: MarketView): Income {
  const entries = leases.map((lease) => incomeOfLease(lease, chainTime, rules.resourceOrder));
  const sum = (part: 'paid' | 'afterFee' | 'pending'): bigint =>
    entries.reduce((total, entry) => total + entry[part], 0n);
  return {
    leases: entries,
    paid: sum('paid'),
    afterFee: sum('afterFee'),
    pending: sum('pending'),
    withdrawable: balance.transferable,
  };
}

function incomeOfLease(lease: Lease, now: number, rules: OrderParameters): LeaseIncome {
  const { paid } = lease;
  const fee = BigInt(rules.feeGateways + rules.feeValidators + rules.feeTreasury);
  const pending = isLive(lease) ? leaseView(lease, now, rules).spent - paid : 0n;
  return { lease, paid, afterFee: paid - (paid * fee) / MILLION, pending };
}
