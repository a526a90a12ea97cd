import type { AccountId, Currency } from '@hamster/frame';

/** What this pallet needs of the runtime. */
export interface TreasuryConfig {
  readonly currency: Pick<Currency<never>, 'spendable' | 'transfer'>;
  /** The treasury's own account, to which nobody has a key. */
  readonly account: AccountId;
}
