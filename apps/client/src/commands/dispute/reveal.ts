import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { phaseOf } from '@hamster/chain-client/market';
import type { ChainClient, Dispute } from '@hamster/chain-client';
import { positive } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { CliError } from '../../cli/errors.ts';
import type { Run } from '../../cli/program.ts';
import { duration, moment } from '../../format/duration.ts';
import { toJson } from '../../format/json.ts';
import { showProgress } from '../../format/progress.ts';
import { loadVote, removeVote } from '../../votes/vote-files.ts';
import type { SecretVote } from '../../votes/vote-files.ts';
import { disputeById } from './show.ts';
import { verdictText } from './words.ts';

const LOOK_EVERY_MS = 1000;

export function revealCommand(run: Run): Command {
  return new Command('reveal')
    .description('show the vote that you have committed, when it is time')
    .argument('<dispute>', 'id, as in `hamster dispute list`', positive)
    .option('--wait', 'wait until it is time', false)
    .action(run(reveal));
}

async function reveal(context: Context, id: number, { wait }: { wait: boolean }): Promise<void> {
  const chain = await context.chain();
  const { address, unlock } = await context.account();
  const dispute = await disputeById(chain, id);
  const { commitment, vote } = await secretOf(context, id, address);
  const pair = await unlock();
  if (wait) await untilShowing(context, chain, dispute);
  ensureShowing(dispute, await chain.now());
  const { verdict, observed } = vote;
  const salt = Buffer.from(vote.salt.slice(2), 'hex');
  const call = chain.calls.arbitration.revealVote({ dispute: id, verdict, observed, salt });
  await chain.submit(call, pair, { signal: context.signal });
  await removeVote(context.settings.home, commitment);
  if (context.settings.json) return context.print(toJson({ dispute: id, verdict, observed }));
  context.print(
    `Your vote in dispute ${id} is shown: ${verdictText(verdict)}. It is decided by ${moment(dispute.revealUntil)}.`,
  );
}

/** What belongs to the commitment that the chain has. */
async function secretOf(
  { chain, settings }: Context,
  id: number,
  voter: string,
): Promise<{ commitment: string; vote: SecretVote }> {
  const ballot = await (await chain()).ballot(id, voter);
  if (!ballot) {
    throw new CliError('NOT_VOTED', `${voter} has not voted in dispute ${id}, so there is nothing to show.`);
  }
  if (ballot.vote)
    throw new CliError('SHOWN_ALREADY', `${voter} has shown its vote in dispute ${id} already.`);
  const { commitment } = ballot;
  const vote = await loadVote(settings.home, commitment);
  if (vote) return { commitment, vote };
  throw new CliError(
    'SECRET_NOT_HERE',
    `What is needed to show this vote is not in ${settings.home}/votes. Run this where the vote was given, or copy that directory from there.`,
  );
}

/** By the chain's clock, which alone counts. */
async function untilShowing(context: Context, chain: ChainClient, dispute: Dispute): Promise<void> {
  if ((await chain.now()) >= dispute.commitUntil) return;
  const progress = showProgress(
    context.terminal,
    `Votes in dispute ${dispute.id} are shown from ${moment(dispute.commitUntil)} on`,
  );
  try {
    while ((await chain.now()) < dispute.commitUntil) {
      await delay(LOOK_EVERY_MS, undefined, { signal: context.signal });
    }
  } finally {
    progress.stop();
  }
}

function ensureShowing(dispute: Dispute, now: number): void {
  const phase = phaseOf(dispute, now);
  if (phase === 'showing') return;
  if (phase === 'voting') {
    throw new CliError(
      'TOO_EARLY',
      `Votes in dispute ${dispute.id} are shown from ${moment(dispute.commitUntil)} on, in ${duration(dispute.commitUntil - now)}. Come back then, or add --wait.`,
    );
  }
  throw new CliError('TOO_LATE', `The time to show votes in dispute ${dispute.id} is over.`);
}
