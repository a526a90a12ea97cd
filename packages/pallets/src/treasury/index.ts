import { AccountId, constant, definePallet } from '@hamster/frame';

import type { TreasuryConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { spend } from './spend.ts';

export type { TreasuryConfig } from './config.ts';

/** The account that fees and slashes without another owner go to. */
export const treasuryPallet = (config: TreasuryConfig) =>
  definePallet({
    name: 'Treasury',
    index: 15,
    docs: ['Money of the network: its part of the fees, and slashes.'],
    calls: { spend: spend(config) },
    events,
    errors,
    constants: { Account: constant(AccountId, config.account, 'Where the treasury’s money is.') },
  });
