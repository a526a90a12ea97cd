export type { AccountStore, BalancesConfig } from './config.ts';
export { currencyOf, feeCurrencyOf } from './currency.ts';
export type { FeeCurrency } from './currency.ts';
export { errors as balancesErrors } from './errors.ts';
export { ledgerOf } from './ledger.ts';
export type { Ledger } from './ledger.ts';
export { balancesPallet } from './pallet.ts';
export { TotalIssuance } from './storage.ts';
