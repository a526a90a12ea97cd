import { AccountId, defineEvents } from '@hamster/frame';
import { documented, u128, u64 } from '@hamster/scale';

import { ResourceStatus } from './types.ts';

export const events = defineEvents('Provider', {
  Staked: documented('A provider put up stake.', { who: AccountId, amount: u128 }),
  Unstaked: documented('Stake began to unbond; it can be withdrawn from `unlock_at` on.', {
    who: AccountId,
    amount: u128,
    unlock_at: u64,
  }),
  Withdrawn: documented('Unbonded stake became free money again.', { who: AccountId, amount: u128 }),
  Slashed: documented('A provider lost stake.', { who: AccountId, amount: u128 }),
  ResourceRegistered: documented('A machine came to the market.', { resource: u64, owner: AccountId }),
  ResourceUpdated: documented('What a machine offers has changed.', { resource: u64 }),
  ResourceStatusChanged: documented('A machine went online, offline, or takes no more orders.', {
    resource: u64,
    status: ResourceStatus,
  }),
  MaintenanceAnnounced: documented('A machine will be down for maintenance: no pay, no fault.', {
    resource: u64,
    from: u64,
    to: u64,
  }),
  ResourceRemoved: documented('A machine left the market.', { resource: u64 }),
  ParametersSet: documented('Root changed the parameters.', null),
});
