import { Command } from 'commander';
import type { ChainClient, Dispute } from '@hamster/chain-client';
import { phaseOf } from '@hamster/chain-client/market';
import { positive } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { CliError } from '../../cli/errors.ts';
import type { Run } from '../../cli/program.ts';
import { moment } from '../../format/duration.ts';
import { toJson } from '../../format/json.ts';
import { ham } from '../../format/money.ts';
import { showProgress } from '../../format/progress.ts';
import { roleOf } from './list.ts';
import { claimText, outcomeLines, phaseText } from './words.ts';

type Phase = ReturnType<typeof phaseOf>;

const NO_EVIDENCE = /^0x0*$/;
/** The chain decides in the block at the end of the last phase; an agenda may be late by some blocks. */
const SLACK_MS = 120_000;

export function showCommand(run: Run): Command {
  return new Command('show')
    .description('how a dispute stands: votes, deadlines, verdict, what was paid back')
    .argument('<dispute>', 'id, as in `hamster dispute list`', positive)
    .option('--watch', 'wait for the verdict', false)
    .action(run(showDispute));
}

async function showDispute(context: Context, id: number, { watch }: { watch: boolean }): Promise<void> {
  const chain = await context.chain();
  const found = await disputeById(chain, id);
  if (!watch || found.status === 'Decided') return print(context, found);
  if (!context.settings.json) await print(context, found);
  const decided = await verdictOf(context, found);
  await print(context, decided);
}

/** Waits until the chain has decided. */
async function verdictOf(context: Context, { id, panel }: Dispute): Promise<Dispute> {
  const progress = showProgress(context.terminal, `${panel.length} validators vote on dispute ${id}`);
  try {
    let dispute = await nextOf(context, id);
    while (dispute.status !== 'Decided') dispute = await nextOf(context, id);
    return dispute;
  } finally {
    progress.stop();
  }
}

/** The dispute when it is decided, or has other windows, or may have: a chain that stood still gives the time back. */
async function nextOf(context: Context, id: number): Promise<Dispute> {
  const chain = await context.chain();
  const now = await chain.now();
  const { revealUntil } = await disputeById(chain, id);
  const isNews = (seen: Dispute): boolean => seen.status === 'Decided' || seen.revealUntil !== revealUntil;
  const patience = { signal: context.signal, timeoutMs: Math.max(0, revealUntil - now) + SLACK_MS };
  try {
    return (await chain.awaitDispute(id, isNews, patience)) ?? (await disputeById(chain, id));
  } catch (error) {
    if (!isTimeout(error) || (await chain.now()) >= revealUntil) throw error;
    return disputeById(chain, id);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'CHAIN_TIMEOUT';
}

async function print(context: Context, dispute: Dispute): Promise<void> {
  const chain = await context.chain();
  const [lease, now] = await Promise.all([chain.lease(dispute.lease), chain.now()]);
  const phase = phaseOf(dispute, now);
  if (context.settings.json) {
    const money = lease && { escrow: lease.escrow, refunded: lease.refunded, endsAt: lease.endsAt };
    return context.print(toJson({ ...dispute, phase, money }));
  }
  const me = (await context.account().catch(() => undefined))?.address;
  const lines = [
    `Dispute ${dispute.id} about lease ${dispute.lease}: ${claimText(dispute.claim)}.`,
    `  state    ${phaseText(phase, dispute, now)}`,
    ...(phase === 'decided' ? outcomeLines(dispute, lease) : openLines(dispute)),
    ...(me !== undefined && roleOf(dispute, me) === 'judge'
      ? dutyLines(dispute, phase, await chain.ballot(dispute.id, me))
      : []),
  ];
  context.print(lines.join('\n'));
}

function openLines(dispute: Dispute): string[] {
  const { renter, deposit, openedAt, commitUntil, revealUntil, evidenceHash } = dispute;
  const { committed, revealed, panel } = dispute;
  return [
    `  opened   ${moment(openedAt)} by ${renter}`,
    `  deposit  ${ham(deposit)}`,
    ...(NO_EVIDENCE.test(evidenceHash) ? [] : [`  evidence SHA-256 ${evidenceHash.slice(2)}`]),
    `  voting   until ${moment(commitUntil)}; ${committed} of ${panel.length} have voted`,
    `  showing  until ${moment(revealUntil)}; ${revealed} of ${committed} are shown`,
  ];
}

type Ballot = Awaited<ReturnType<ChainClient['ballot']>>;

function dutyLines({ id, commitUntil }: Dispute, phase: Phase, ballot: Ballot): string[] {
  if (phase === 'decided') return [];
  if (!ballot) {
    const vote =
      phase === 'voting'
        ? `Vote with: hamster dispute commit ${id} --verdict …`
        : 'You did not vote in time.';
    return [`You are on its panel. ${vote}`];
  }
  if (ballot.vote) return ['You are on its panel, and your vote is shown.'];
  const when = phase === 'voting' ? ` from ${moment(commitUntil)} on` : '';
  return [`You are on its panel, and have voted. Show your vote${when} with: hamster dispute reveal ${id}`];
}

/** Throws CliError NO_SUCH_DISPUTE. */
export async function disputeById(chain: ChainClient, id: number): Promise<Dispute> {
  const dispute = await chain.dispute(id);
  if (dispute) return dispute;
  throw new CliError(
    'NO_SUCH_DISPUTE',
    `There is no dispute ${id}. Decided ones are forgotten after a while; list what there is with \`hamster dispute list --all\`.`,
  );
}
