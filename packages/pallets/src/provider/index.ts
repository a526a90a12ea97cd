import { constant, definePallet } from '@hamster/frame';
import { u32 } from '@hamster/scale';

import { announceMaintenance } from './calls/announce-maintenance.ts';
import { registerResource } from './calls/register-resource.ts';
import { removeResource } from './calls/remove-resource.ts';
import { setAvailableUntil } from './calls/set-available-until.ts';
import { setParameters } from './calls/set-parameters.ts';
import { setStatus } from './calls/set-status.ts';
import { stake } from './calls/stake.ts';
import { unstake } from './calls/unstake.ts';
import { updateCapacity } from './calls/update-capacity.ts';
import { updateEndpoint } from './calls/update-endpoint.ts';
import { updatePrices } from './calls/update-prices.ts';
import { withdrawUnbonded } from './calls/withdraw-unbonded.ts';
import type { ProviderConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { genesis } from './genesis.ts';
import { machinesCounted } from './migrations/v1.ts';
import * as storage from './storage.ts';
import { tryState } from './try-state.ts';
import { MAX_RESOURCES, MAX_SLICES } from './types.ts';
import { viewFunctions } from './views.ts';

export type { ProviderConfig, ProviderHoldReason } from './config.ts';
export { providerReads } from './reads.ts';
export { providerServices } from './services.ts';
export * from './parameters.ts';
export * as providerStorage from './storage.ts';
export { Resource } from './types.ts';

/** Stakes, collateral, and the machines in the market. */
export const providerPallet = (config: ProviderConfig) =>
  definePallet({
    name: 'Provider',
    index: 10,
    docs: ['Stakes of providers, and the machines that they offer.'],
    storage: Object.values(storage),
    calls: {
      stake: stake(config),
      unstake,
      withdraw_unbonded: withdrawUnbonded(config),
      register_resource: registerResource,
      update_prices: updatePrices,
      update_capacity: updateCapacity,
      set_available_until: setAvailableUntil,
      update_endpoint: updateEndpoint,
      set_status: setStatus,
      announce_maintenance: announceMaintenance,
      remove_resource: removeResource,
      set_parameters: setParameters,
    },
    events,
    errors,
    viewFunctions,
    constants: {
      MaxResources: constant(u32, MAX_RESOURCES, 'How many machines one provider may have.'),
      MaxSlices: constant(
        u32,
        MAX_SLICES,
        'How many orders and leases one machine may have at the same time.',
      ),
    },
    holdReasons: ['ProviderStake'],
    genesis,
    storageVersion: 1,
    migrations: [machinesCounted],
    tryState: tryState(config),
  });
