import { Command } from 'commander';
import type { Dispute } from '@hamster/chain-client';
import { phaseOf } from '@hamster/chain-client/market';
import type { Context } from '../../cli/context.ts';
import type { Run } from '../../cli/program.ts';
import { toJson } from '../../format/json.ts';
import { roundHam } from '../../format/money.ts';
import { table } from '../../format/table.ts';
import { claimText, phaseText } from './words.ts';

export function listCommand(run: Run): Command {
  return new Command('list')
    .description('disputes that are yours, or that you vote on')
    .option('--all', 'everybody’s', false)
    .action(run(listDisputes));
}

async function listDisputes(context: Context, { all }: { all: boolean }): Promise<void> {
  const chain = await context.chain();
  const [disputes, now] = await Promise.all([chain.disputes(), chain.now()]);
  const me = all ? undefined : (await context.account()).address;
  const shown = disputes
    .map((dispute) => ({ ...dispute, phase: phaseOf(dispute, now), role: roleOf(dispute, me) }))
    .filter(({ role }) => all || role !== '-');
  if (context.settings.json) return context.print(toJson(shown));
  if (shown.length === 0)
    return context.print(all ? 'There are no disputes.' : 'You have no part in any dispute.');
  context.print(
    table(shown, [
      { title: 'DISPUTE', value: ({ id }) => String(id), right: true },
      { title: 'LEASE', value: ({ lease }) => String(lease), right: true },
      { title: 'YOU ARE', value: ({ role }) => role },
      { title: 'CLAIM', value: ({ claim }) => claimText(claim) },
      { title: 'DEPOSIT', value: ({ deposit }) => roundHam(deposit), right: true },
      { title: 'VOTED', value: ({ committed, panel }) => `${committed} of ${panel.length}` },
      { title: 'STATE', value: (dispute) => phaseText(dispute.phase, dispute, now) },
    ]),
  );
}

/** What an account has to do with a dispute; "-" for nothing. */
export function roleOf({ renter, provider, panel }: Dispute, address: string | undefined): string {
  if (address === undefined) return '-';
  if (address === renter) return 'renter';
  if (address === provider) return 'provider';
  return panel.includes(address) ? 'judge' : '-';
}
