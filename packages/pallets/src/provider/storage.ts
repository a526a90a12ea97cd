import { AccountId, blake2_128Concat, palletStorage, twox64Concat } from '@hamster/frame';
import { u32, u64, unit } from '@hamster/scale';

import { PUBLIC_PARAMETERS } from './parameters.ts';
import { NO_STAKE } from './rules/ledger.ts';
import { Parameters as ParametersType, Resource, Slice, StakeLedger } from './types.ts';

const { value, map, doubleMap } = palletStorage('Provider');

export const Parameters = value('Parameters', {
  type: ParametersType,
  default: PUBLIC_PARAMETERS,
  docs: ['The numbers of the rules; root may change them.'],
});

export const Stakes = map('Stakes', {
  key: blake2_128Concat(AccountId),
  type: StakeLedger,
  default: NO_STAKE,
  docs: ['The stake of each provider.'],
});

export const Resources = map('Resources', {
  key: twox64Concat(u64),
  type: Resource,
  docs: ['The machines in the market, hidden ones too.'],
});

export const ResourcesOf = doubleMap('ResourcesOf', {
  keys: [blake2_128Concat(AccountId), twox64Concat(u64)],
  type: unit,
  docs: ['Index of the machines of a provider.'],
});

export const ResourceCounts = map('ResourceCounts', {
  key: blake2_128Concat(AccountId),
  type: u32,
  default: 0,
  docs: ['How many machines a provider has. They are bounded.'],
});

export const NextResourceId = value('NextResourceId', {
  type: u64,
  default: 1n,
  docs: ['The id of the next machine. Ids are never used again.'],
});

export const Slices = doubleMap('Slices', {
  keys: [twox64Concat(u64), twox64Concat(u64)],
  type: Slice,
  docs: ['What is taken of a machine, by order or lease. The sum is what the machine has allocated.'],
});

export const SliceCounts = map('SliceCounts', {
  key: twox64Concat(u64),
  type: u32,
  default: 0,
  docs: ['How many slices of a machine are taken.'],
});
