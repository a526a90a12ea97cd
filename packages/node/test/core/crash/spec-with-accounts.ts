import { PRESETS } from '@hamster/runtime';
import type { ChainSpec } from '../../../src/index.ts';
import { CRASH_SPEC } from './spec.ts';

const COUNT = 1_000;
const known = (PRESETS.dev['balances'] as { balances: readonly unknown[] }).balances;

const accounts = Array.from({ length: COUNT }, (_, index) => [
  `0x${(index + 1).toString(16).padStart(64, '0')}`,
  '1000000000000',
]);

/** A chain with so many accounts that its first state does not go into one page. */
export const SPEC_WITH_ACCOUNTS: ChainSpec = {
  ...CRASH_SPEC,
  genesis: { ...CRASH_SPEC.genesis, balances: { balances: [...known, ...accounts] } },
};
