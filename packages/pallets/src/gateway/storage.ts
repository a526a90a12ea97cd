import { AccountId, agenda, blake2_128Concat, palletStorage, TaskKey, twox64Concat } from '@hamster/frame';
import { u128, u32, u64 } from '@hamster/scale';

import { Era as EraType, FIRST_ERA } from '../primitives/era.ts';
import { PUBLIC_PARAMETERS } from './parameters.ts';
import {
  EraReward,
  GatewayInfo,
  Parameters as ParametersType,
  Task,
  Unbonding as UnbondingType,
} from './types.ts';

const { value, map, doubleMap } = palletStorage('Gateway');

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

export const Era = value('Era', {
  type: EraType,
  default: FIRST_ERA,
  docs: ['The era that runs, and when it ends.'],
});

export const OldestEra = value('OldestEra', {
  type: u32,
  default: 0,
  docs: ['The first era whose rewards can still be claimed.'],
});

export const EraPoints = doubleMap('EraPoints', {
  keys: [twox64Concat(u32), blake2_128Concat(AccountId)],
  type: u64,
  default: 0n,
  docs: ['Milliseconds that a gateway has proved to be online in an era. Gone once its reward is claimed.'],
});

export const EraRewards = map('EraRewards', {
  key: twox64Concat(u32),
  type: EraReward,
  default: { points: 0n, pot: 0n, unclaimed: 0n },
  docs: ['What the gateways of an era share. The pot of the running era is known when it ends.'],
});

export const Committed = value('Committed', {
  type: u128,
  default: 0n,
  docs: ['How much of the pot belongs to rewards that wait to be claimed.'],
});
