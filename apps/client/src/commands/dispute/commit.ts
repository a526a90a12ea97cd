import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { phaseOf } from '@hamster/chain-client/market';
import type { Dispute, Observed, Verdict } from '@hamster/chain-client';
import type { KeyringPair } from '@hamster/daemon';
import { count, diskSize, memorySize, positive } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { CliError, usageError } from '../../cli/errors.ts';
import type { Run } from '../../cli/program.ts';
import { moment } from '../../format/duration.ts';
import { toJson } from '../../format/json.ts';
import { slice } from '../../format/size.ts';
import { keptVotes, removeVote, saveVote } from '../../votes/vote-files.ts';
import { requireConsent } from '../consent.ts';
import { submitCall } from '../submit-call.ts';
import { disputeById } from './show.ts';
import { VERDICTS, verdictText } from './words.ts';

interface CommitFlags {
  readonly verdict: keyof typeof VERDICTS;
  readonly unreachable: boolean;
  readonly cores?: number;
  readonly memory?: number;
  readonly disk?: number;
  readonly yes: boolean;
}

const SALT_BYTES = 32;

export function commitCommand(run: Run): Command {
  return new Command('commit')
    .description('vote as a validator, hidden until everybody has voted')
    .argument('<dispute>', 'id, as in `hamster dispute list`', positive)
    .addOption(
      new Option('--verdict <verdict>', 'what you have found')
        .choices(Object.keys(VERDICTS))
        .makeOptionMandatory(),
    )
    .option('--unreachable', 'you could not reach the machine; otherwise say what it has:', false)
    .option('--cores <number>', 'cores that it has', count)
    .option('--memory <size>', 'memory that it has', memorySize)
    .option('--disk <size>', 'disk that it has', diskSize)
    .option('--yes', 'do not ask', false)
    .action(run(commit));
}

async function commit(context: Context, id: number, flags: CommitFlags): Promise<void> {
  const observed = observedOf(flags);
  const verdict = VERDICTS[flags.verdict];
  const chain = await context.chain();
  const { address, unlock } = await context.account();
  const dispute = await disputeById(chain, id);
  ensureMayVote(dispute, address, await chain.now());
  context.tell(ballotText(dispute, verdict, observed));
  await requireConsent(context, 'Vote so? It cannot be changed.', flags.yes);
  const unlocked = await unlock();
  const ballot = { dispute, voter: address, verdict, observed };
  const commitment = await keepSecret(context, ballot);
  await send(context, ballot, commitment, unlocked);
  const { commitUntil, revealUntil } = dispute;
  if (context.settings.json) return context.print(toJson({ dispute: id, commitUntil, revealUntil }));
  context.print(
    `You have voted in dispute ${id}. SHOW YOUR VOTE between ${moment(commitUntil)} and ${moment(revealUntil)}, ` +
      `or it counts as none: hamster dispute reveal ${id}\n` +
      `What is needed for it is kept in ${context.settings.home}/votes on this machine only.`,
  );
}

interface NewBallot {
  readonly dispute: Dispute;
  readonly voter: string;
  readonly verdict: Verdict;
  readonly observed: Observed;
}

/** On disk before anything is sent: a vote whose salt is lost can never be shown. Hands back the commitment. */
async function keepSecret({ settings, chain }: Context, ballot: NewBallot): Promise<string> {
  const { commitmentOf } = await import('@hamster/chain-client');
  const { dispute, voter, verdict, observed } = ballot;
  const salt = randomBytes(SALT_BYTES);
  const commitment = hex(commitmentOf(voter, { dispute: dispute.id, verdict, observed, salt }));
  await saveVote(settings.home, commitment, {
    genesisHash: (await chain()).chain.genesisHash,
    chain: settings.chain,
    dispute: dispute.id,
    ...{ voter, verdict, observed },
    salt: hex(salt),
    showFrom: dispute.commitUntil,
    showUntil: dispute.revealUntil,
  });
  return commitment;
}

/** A secret whose vote the chain has refused is forgotten; one whose fate is unknown may be needed yet. */
async function send(
  context: Context,
  { dispute, voter }: NewBallot,
  commitment: string,
  unlocked: KeyringPair,
): Promise<void> {
  const { chain, settings } = context;
  const client = await chain();
  const call = client.calls.arbitration.commitVote(dispute.id, Buffer.from(commitment.slice(2), 'hex'));
  try {
    await submitCall(context, call, { look: `hamster dispute show ${dispute.id}`, unlocked });
  } catch (error) {
    if (isRefusal(error)) await removeVote(settings.home, commitment);
    throw error;
  }
  for (const kept of await keptVotes(settings.home)) {
    const { vote } = kept;
    const isSame = vote.dispute === dispute.id && vote.voter === voter;
    if (isSame && vote.genesisHash === client.chain.genesisHash && kept.commitment !== commitment) {
      await removeVote(settings.home, kept.commitment);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && ['DispatchFailed', 'TransactionRejected'].includes(error.name);
}

function observedOf({ unreachable, cores, memory, disk }: CommitFlags): Observed {
  const said = [cores, memory, disk].filter((value) => value !== undefined).length;
  if (unreachable && said === 0) return { reachable: false, cpuCores: 0, memoryMib: 0, diskGib: 0 };
  if (unreachable || cores === undefined || memory === undefined || disk === undefined) {
    throw usageError('Say what you have seen: either --unreachable, or --cores, --memory and --disk.');
  }
  return { reachable: true, cpuCores: cores, memoryMib: memory, diskGib: disk };
}

function ensureMayVote(dispute: Dispute, voter: string, now: number): void {
  if (!dispute.panel.includes(voter)) {
    throw new CliError(
      'NOT_ON_PANEL',
      `${voter} is not on the panel of dispute ${dispute.id}. Choose the account of a validator that is, with --account.`,
    );
  }
  if (phaseOf(dispute, now) === 'voting') return;
  throw new CliError('VOTING_OVER', `The time to vote in dispute ${dispute.id} is over.`);
}

function ballotText({ id, lease, revealUntil }: Dispute, verdict: Verdict, observed: Observed): string {
  const seen = observed.reachable ? `it has ${slice(observed)}` : 'it could not be reached';
  return [
    `Dispute ${id} about lease ${lease}: ${verdictText(verdict)}; ${seen}.`,
    `Nobody sees it until you show it, which you must do before ${moment(revealUntil)}.`,
  ].join('\n');
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
