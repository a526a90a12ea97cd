import { definePallet } from '@hamster/frame';

import { claimRewards } from './calls/claim-rewards.ts';
import { goOffline } from './calls/go-offline.ts';
import { goOnline } from './calls/go-online.ts';
import { heartbeat } from './calls/heartbeat.ts';
import { register } from './calls/register.ts';
import { reset } from './calls/reset.ts';
import { setParameters } from './calls/set-parameters.ts';
import { updateEndpoint } from './calls/update-endpoint.ts';
import { withdrawUnbonded } from './calls/withdraw-unbonded.ts';
import type { GatewayConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { genesis } from './genesis.ts';
import { hooks } from './hooks.ts';
import {
  Agenda,
  Checks,
  Committed,
  Era,
  EraPoints,
  EraRewards,
  Gateways,
  OldestEra,
  Parameters,
  Unbonding,
} from './storage.ts';
import { tryState } from './try-state.ts';

export type { GatewayConfig, GatewayHoldReason } from './config.ts';
export * from './parameters.ts';
export { gatewayReads } from './reads.ts';

/** Relays with a public address, their stake, whether they are alive, and what they earn by it. */
export const gatewayPallet = (config: GatewayConfig) =>
  definePallet({
    name: 'Gateway',
    index: 12,
    docs: ['Gateways: relays between renters and machines.'],
    storage: [
      Parameters,
      Gateways,
      Unbonding,
      Checks,
      Era,
      OldestEra,
      EraPoints,
      EraRewards,
      Committed,
      ...Agenda.storage,
    ],
    calls: {
      register: register(config),
      update_endpoint: updateEndpoint,
      heartbeat: heartbeat(config),
      go_offline: goOffline(config),
      go_online: goOnline(config),
      reset: reset(config),
      set_parameters: setParameters,
      withdraw_unbonded: withdrawUnbonded(config),
      claim_rewards: claimRewards(config),
    },
    events,
    errors,
    holdReasons: ['GatewayStake'],
    genesis,
    hooks: hooks(config),
    tryState: tryState(config),
  });
