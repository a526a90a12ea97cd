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
import { forgetVotes } from '../../votes/forget.ts';
import { loadVote, removeVote } from '../../votes/vote-files.ts';
import type { SecretVote } from '../../votes/vote-files.ts';
import { submitCall } from '../submit-call.ts';
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
  const { settings, signal, tell } = context;
  const chain = await context.chain();
  const { address, unlock } = await context.account();
  await forgetVotes({ chain, home: settings.home, signal, tell });
  const { commitment, vote } = await secretOf(context, await disputeById(chain, id), address);
  const unlocked = await unlock();
  const standing = wait ? await untilShowing(context, chain, id) : await standingOf(chain, id);
  ensureShowing(standing);
  const { verdict, observed } = vote;
  const salt = Buffer.from(vote.salt.slice(2), 'hex');
  const call = chain.calls.arbitration.revealVote({ dispute: id, verdict, observed, salt });
  await submitCall(context, call, { look: `hamster dispute show ${id}`, unlocked });
  await removeVote(settings.home, commitment);
  if (settings.json) return context.print(toJson({ dispute: id, verdict, observed }));
  context.print(
    `Your vote in dispute ${id} is shown: ${verdictText(verdict)}. It is decided by ${moment(standing.dispute.revealUntil)}.`,
  );
}

/** What belongs to the commitment that the chain has. */
async function secretOf(
  { chain, settings }: Context,
  { id, status }: Dispute,
  voter: string,
): Promise<{ commitment: string; vote: SecretVote }> {
  const ballot = await (await chain()).ballot(id, voter);
  if (!ballot) {
    throw new CliError('NOT_VOTED', `${voter} has not voted in dispute ${id}, so there is nothing to show.`);
  }
  if (ballot.vote)
    throw new CliError('SHOWN_ALREADY', `${voter} has shown its vote in dispute ${id} already.`);
  if (status === 'Decided') throw tooLate(id);
  const { commitment } = ballot;
  const vote = await loadVote(settings.home, commitment);
  if (vote) return { commitment, vote };
  throw new CliError(
    'SECRET_NOT_HERE',
    `What is needed to show this vote is not in ${settings.home}/votes. Run this where the vote was given, or copy that directory from there.`,
  );
}

/** A dispute, and the chain's time, which alone counts. */
interface Standing {
  readonly dispute: Dispute;
  readonly now: number;
}

/** Read anew whenever it matters: a chain that stood still gives the time back, so that the moments in a dispute move. */
async function standingOf(chain: ChainClient, id: number): Promise<Standing> {
  // The time first: the dispute of a later block has moved with it.
  const now = await chain.now();
  return { now, dispute: await disputeById(chain, id) };
}

async function untilShowing(context: Context, chain: ChainClient, id: number): Promise<Standing> {
  let standing = await standingOf(chain, id);
  if (!isVoting(standing)) return standing;
  const from = moment(standing.dispute.commitUntil);
  const progress = showProgress(context.terminal, `Votes in dispute ${id} are shown from ${from} on`);
  try {
    while (isVoting(standing)) {
      await delay(LOOK_EVERY_MS, undefined, { signal: context.signal });
      standing = await standingOf(chain, id);
    }
    return standing;
  } finally {
    progress.stop();
  }
}

function isVoting({ dispute, now }: Standing): boolean {
  return phaseOf(dispute, now) === 'voting';
}

function ensureShowing({ dispute, now }: Standing): void {
  const phase = phaseOf(dispute, now);
  if (phase === 'showing') return;
  if (phase === 'voting') {
    throw new CliError(
      'TOO_EARLY',
      `Votes in dispute ${dispute.id} are shown from ${moment(dispute.commitUntil)} on, in ${duration(dispute.commitUntil - now)}. Come back then, or add --wait.`,
    );
  }
  throw tooLate(dispute.id);
}

function tooLate(id: number): CliError {
  return new CliError('TOO_LATE', `The time to show votes in dispute ${id} is over.`);
}
