import { AccountId, agenda, blake2_128Concat, palletStorage, TaskKey } from '@hamster/frame';

import { PUBLIC_PARAMETERS } from './parameters.ts';
import { GatewayInfo, Parameters as ParametersType, Task, Unbonding as UnbondingType } from './types.ts';

const { value, map } = palletStorage('Gateway');

export const Parameters = value('Parameters', {
  type: ParametersType,
  default: PUBLIC_PARAMETERS,
  docs: ['The numbers of the rules; root may change them.'],
});

export const Gateways = map('Gateways', {
  key: blake2_128Concat(AccountId),
  type: GatewayInfo,
  docs: ['The gateways; clients use those that are online.'],
});

export const Unbonding = map('Unbonding', {
  key: blake2_128Concat(AccountId),
  type: UnbondingType,
  docs: ['Stake of gateways that have left, and when it is free.'],
});

export const Agenda = agenda('Gateway', Task);

export const Checks = map('Checks', {
  key: blake2_128Concat(AccountId),
  type: TaskKey,
  docs: ['The appointment at which the silence of an online gateway is looked at.'],
});
