import type { AccountId, Currency } from '@hamster/frame';

/** What this pallet needs of the runtime. */
export interface ValidatorsConfig {
  readonly currency: Pick<Currency<never>, 'spendable' | 'transfer'>;
  /** Where the validators' part of the fees comes in; this pallet alone pays from it. */
  readonly pot: AccountId;
}
