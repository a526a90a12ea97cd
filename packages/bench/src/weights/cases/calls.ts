import type { CallCase } from '../case.ts';
import { courtCases } from './court.ts';
import { generalCases } from './general.ts';
import { moneyCases } from './money.ts';
import { networkCases } from './network.ts';
import { orderCases } from './orders.ts';
import { parameterCases } from './parameters.ts';
import { providerCases } from './provider.ts';

/** The worst case of each call. */
export const CALL_CASES: readonly CallCase[] = [
  ...generalCases,
  ...moneyCases,
  ...providerCases,
  ...orderCases,
  ...courtCases,
  ...networkCases,
  ...parameterCases,
];

/** Calls that have no case of their own, and why. */
export const WITHOUT_CASE: Readonly<Record<string, string>> = {
  'Timestamp.set': 'each block has exactly one: it is measured as a part of `empty-block`',
};
