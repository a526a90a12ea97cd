import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { disputeOutlook } from '@hamster/chain-client/market';
import type { DisputeOutlook, Lease } from '@hamster/chain-client';
import { sentenceOf } from '@hamster/daemon';
import { positive } from '../../cli/arguments.ts';
import type { Context } from '../../cli/context.ts';
import { CliError, usageError } from '../../cli/errors.ts';
import type { Run } from '../../cli/program.ts';
import { duration, moment } from '../../format/duration.ts';
import { toJson } from '../../format/json.ts';
import { ham, roundHam } from '../../format/money.ts';
import { requireConsent } from '../consent.ts';
import { ownLiveLease } from '../own-lease.ts';
import { submitCall } from '../submit-call.ts';
import { CLAIMS, claimText } from './words.ts';

interface OpenFlags {
  readonly claim: keyof typeof CLAIMS;
  readonly evidence?: string;
  readonly yes: boolean;
}

const HASH_BYTES = 32;

export function openCommand(run: Run): Command {
  return new Command('open')
    .description('complain about a machine that you rent; shows the deposit, asks before it is held')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .addOption(
      new Option('--claim <what>', 'what is wrong').choices(Object.keys(CLAIMS)).makeOptionMandatory(),
    )
    .option('--evidence <file>', 'whatever you show to the panel elsewhere: its SHA-256 goes on chain')
    .option('--yes', 'do not ask', false)
    .action(run(openDispute));
}

async function openDispute(context: Context, id: number, { claim, evidence, yes }: OpenFlags): Promise<void> {
  const hash = evidence === undefined ? Buffer.alloc(HASH_BYTES) : await sha256(evidence);
  const chain = await context.chain();
  const account = await context.account();
  const lease = await ownLiveLease(chain, id, account.address);
  if (lease.status === 'Disputed') throw await disputedAlready(context, id);
  const { arbitration: rules } = await chain.parameters();
  const outlook = disputeOutlook(lease, rules);
  const call = chain.calls.arbitration.openDispute(id, CLAIMS[claim], hash);
  const [fee, { transferable }] = await Promise.all([
    chain.fee(call, account.address),
    chain.balance(account.address),
  ]);
  context.tell(forecast({ lease, claim, outlook, fee, rules }));
  if (transferable < outlook.deposit + fee) {
    throw new CliError(
      'NOT_ENOUGH_MONEY',
      `The account has ${ham(transferable)} to spend, which is not enough for the deposit and the fee.`,
    );
  }
  await requireConsent(context, `Deposit ${ham(outlook.deposit)} and open the dispute?`, yes);
  const { events } = await submitCall(context, call, { look: 'hamster dispute list' });
  const opened = events.get('arbitration.DisputeOpened');
  if (context.settings.json) return context.print(toJson(opened));
  const judges = opened.panel === 1 ? 'One validator decides' : `${opened.panel} validators decide`;
  context.print(
    `Dispute ${opened.dispute} is open, with ${ham(opened.deposit)} deposited. ${judges} by ${moment(opened.revealUntil)}. ` +
      `Follow it with: hamster dispute show ${opened.dispute} --watch`,
  );
}

interface Case {
  readonly lease: Lease;
  readonly claim: keyof typeof CLAIMS;
  readonly outlook: DisputeOutlook;
  readonly fee: bigint;
  readonly rules: { readonly commitPeriod: number; readonly revealPeriod: number };
}

function forecast({ lease, claim, outlook, fee, rules }: Case): string {
  return [
    `Lease ${lease.id}: ${claimText(CLAIMS[claim])}. The validators vote for ${duration(rules.commitPeriod)}, and show their votes for ${duration(rules.revealPeriod)} more.`,
    'Until then the lease stands still: nothing is paid for it, and nobody can end it.',
    `  deposit   ${ham(outlook.deposit)}`,
    `  fee       ${roundHam(fee)}`,
    'What comes back:',
    `  if the provider is at fault   the deposit, ${ham(outlook.rent)} of rent, and up to ${ham(outlook.compensation)} of the provider’s collateral; the lease ends`,
    '  if nothing is proved          the deposit; the lease goes on',
    '  if the claim is unfounded     nothing; the lease goes on',
  ].join('\n');
}

async function disputedAlready(context: Context, id: number): Promise<CliError> {
  const open = await (await context.chain()).disputeOfLease(id);
  const hint = open ? ` Follow it with: hamster dispute show ${open.id} --watch` : '';
  return new CliError('DISPUTED_ALREADY', `Lease ${id} is disputed already.${hint}`);
}

async function sha256(file: string): Promise<Buffer> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw usageError(`The evidence ${file} cannot be read: ${sentenceOf(error)}`);
  }
  return hash.digest();
}
