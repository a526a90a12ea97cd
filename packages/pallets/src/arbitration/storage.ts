import { AccountId, agenda, blake2_128Concat, palletStorage, twox64Concat } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { PUBLIC_PARAMETERS } from './parameters.ts';
import { Ballot, Dispute, Parameters as ParametersType, Task } from './types.ts';

const { value, map, doubleMap } = palletStorage('Arbitration');

export const Parameters = value('Parameters', {
  type: ParametersType,
  default: PUBLIC_PARAMETERS,
  docs: ['The numbers of the rules; root may change them.'],
});

export const NextDisputeId = value('NextDisputeId', {
  type: u64,
  default: 1n,
  docs: ['The id of the next dispute. Ids are never used again.'],
});

export const Disputes = map('Disputes', {
  key: twox64Concat(u64),
  type: Dispute,
  docs: ['Disputes; those that are decided stay for a while.'],
});

export const DisputeOfLease = map('DisputeOfLease', {
  key: twox64Concat(u64),
  type: u64,
  docs: ['The latest dispute about a lease.'],
});

export const Ballots = doubleMap('Ballots', {
  keys: [twox64Concat(u64), blake2_128Concat(AccountId)],
  type: Ballot,
  docs: ['The votes in a dispute, by member of its panel.'],
});

export const CountedFrom = map('CountedFrom', {
  key: twox64Concat(u64),
  type: u64,
  docs: [
    'Since when the windows of an open dispute are as they are noted in it, ms; otherwise since it was opened.',
  ],
});

export const Agenda = agenda('Arbitration', Task);
