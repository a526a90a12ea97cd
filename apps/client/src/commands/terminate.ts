import { Command } from 'commander';
import { leaseView } from '@hamster/chain-client/market';
import type { Lease, LeaseView } from '@hamster/chain-client';
import { closeSession } from '../access/open-session.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { duration } from '../format/duration.ts';
import { toJson } from '../format/json.ts';
import { ham } from '../format/money.ts';
import { requireConsent } from './consent.ts';
import { ownLiveLease } from './own-lease.ts';
import { submitCall } from './submit-call.ts';

export function terminateCommand(run: Run): Command {
  return new Command('terminate')
    .description('end a lease now; the machine and its disk are destroyed')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .option('--yes', 'do not ask', false)
    .action(run(terminate));
}

async function terminate(context: Context, id: number, { yes }: { yes: boolean }): Promise<void> {
  const chain = await context.chain();
  const account = await context.account();
  const lease = await ownLiveLease(chain, id, account.address);
  const [now, parameters] = await Promise.all([chain.now(), chain.parameters()]);
  context.tell(forecast(lease, leaseView(lease, now, parameters.resourceOrder)));
  await requireConsent(context, 'End it and destroy the machine with its disk?', yes);
  const call = chain.calls.resourceOrder.terminateLease(id);
  const { events } = await submitCall(context, call, { look: 'hamster leases --all' });
  await closeSession(context, id);
  const { paid, refunded } = events.get('resourceOrder.LeaseClosed');
  if (context.settings.json) return context.print(toJson({ lease: id, paid, refunded }));
  context.print(`Lease ${id} has ended. You paid ${ham(paid)} in all, and ${ham(refunded)} came back.`);
}

function forecast(lease: Lease, view: LeaseView): string {
  return [
    `Lease ${lease.id}: ${duration(view.timeLeftMs)} left of ${duration(view.totalMs)}. ${view.story}`,
    `  used so far  ${ham(view.spent)}`,
    `  notice       ${ham(view.noticeCost)}`,
    `  comes back   ${ham(view.refundIfEnded)}`,
  ].join('\n');
}
