import { definePallet } from '@hamster/frame';

import { commitVote } from './calls/commit-vote.ts';
import { openDispute } from './calls/open-dispute.ts';
import { revealVote } from './calls/reveal-vote.ts';
import { setParameters } from './calls/set-parameters.ts';
import type { ArbitrationConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { genesis } from './genesis.ts';
import { hooks } from './hooks.ts';
import { standstillsBefore } from './migrations/v1.ts';
import {
  Agenda,
  Ballots,
  CountedFrom,
  DisputeOfLease,
  Disputes,
  NextDisputeId,
  Parameters,
} from './storage.ts';
import { tryState } from './try-state.ts';

export type * from './config.ts';
export * from './parameters.ts';
export { commitmentOf } from './rules/commitment.ts';

/** Disputes about leases, and who was right. */
export const arbitrationPallet = (config: ArbitrationConfig) =>
  definePallet({
    name: 'Arbitration',
    index: 13,
    docs: ['Disputes about leases, decided by a panel of validators.'],
    storage: [Parameters, NextDisputeId, Disputes, DisputeOfLease, Ballots, CountedFrom, ...Agenda.storage],
    calls: {
      open_dispute: openDispute(config),
      commit_vote: commitVote(config),
      reveal_vote: revealVote(config),
      set_parameters: setParameters,
    },
    events,
    errors,
    holdReasons: ['DisputeDeposit'],
    genesis,
    hooks: hooks(config),
    storageVersion: 1,
    migrations: [standstillsBefore],
    tryState: tryState(config),
  });
