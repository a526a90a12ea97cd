import { DEV_ACCOUNTS, PRESETS } from '@hamster/runtime';

/** The development chain in a great hurry. */
export const CRASH_SPEC = {
  name: 'Crash',
  id: 'crash',
  chainType: 'Development',
  properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' },
  genesis: { ...PRESETS.dev, aura: { authorities: [DEV_ACCOUNTS.alice], slotDuration: 1 } },
} as const;
