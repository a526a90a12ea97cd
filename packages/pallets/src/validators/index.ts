import { definePallet, type PalletHooks, weightOf } from '@hamster/frame';

import { addValidator } from './calls/add-validator.ts';
import { claimRewards } from './calls/claim-rewards.ts';
import { removeValidator } from './calls/remove-validator.ts';
import { setKeys } from './calls/set-keys.ts';
import { setParameters } from './calls/set-parameters.ts';
import type { ValidatorsConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { genesis } from './genesis.ts';
import { endEra, isEraOver } from './rewards.ts';
import * as storage from './storage.ts';
import { tryState } from './try-state.ts';
import { MAX_VALIDATORS } from './types.ts';

export type { ValidatorsConfig } from './config.ts';
export * from './parameters.ts';
export { validatorReads } from './reads.ts';
export { validatorServices } from './services.ts';

const ERA_WEIGHT = weightOf(100 + 10 * MAX_VALIDATORS, 8 + MAX_VALIDATORS);

const hooks = (config: ValidatorsConfig): PalletHooks => ({
  onPoll(ctx, meter) {
    if (isEraOver(ctx) && meter.tryConsume(ERA_WEIGHT)) endEra(ctx, config);
    return [];
  },
});

/** Who decides disputes, and later makes blocks; and what they earn. */
export const validatorsPallet = (config: ValidatorsConfig) =>
  definePallet({
    name: 'Validators',
    index: 14,
    docs: ['The validators of the network: their keys, their record in disputes, their rewards.'],
    storage: Object.values(storage),
    calls: {
      add_validator: addValidator,
      remove_validator: removeValidator,
      set_keys: setKeys,
      claim_rewards: claimRewards(config),
      set_parameters: setParameters,
    },
    events,
    errors,
    genesis,
    hooks: hooks(config),
    tryState: tryState(config),
  });
