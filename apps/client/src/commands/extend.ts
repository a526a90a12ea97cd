import { Command } from 'commander';
import { count, money, positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { CliError } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { moment } from '../format/duration.ts';
import { toJson } from '../format/json.ts';
import { ham } from '../format/money.ts';
import { requireConsent } from './consent.ts';
import { offerById, quoteFor, quoteLines } from './offer.ts';
import { ownLiveLease } from './own-lease.ts';
import { submitCall } from './submit-call.ts';

interface ExtendFlags {
  readonly hours: number;
  readonly maxPrice?: bigint;
  readonly yes: boolean;
}

export function extendCommand(run: Run): Command {
  return new Command('extend')
    .description('let a lease last longer, at the price of today')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .requiredOption('--hours <number>', 'how much longer', count)
    .option('--max-price <ham>', 'highest price per hour, in HAM', money)
    .option('--yes', 'do not ask', false)
    .action(run(extend));
}

async function extend(context: Context, id: number, { hours, maxPrice, yes }: ExtendFlags): Promise<void> {
  const chain = await context.chain();
  const account = await context.account();
  const lease = await ownLiveLease(chain, id, account.address);
  const cost = await quoteFor(chain, await offerById(chain, lease.resource), lease.spec, hours);
  if (maxPrice !== undefined && cost.perHour > maxPrice) {
    throw new CliError(
      'PRICE_TOO_HIGH',
      `The machine costs ${ham(cost.perHour)} per hour now, more than ${ham(maxPrice)}.`,
    );
  }
  context.tell([`Lease ${id} would last longer:`, ...quoteLines(cost)].join('\n'));
  await requireConsent(context, `Put ${ham(cost.total)} into escrow?`, yes);
  const call = chain.calls.resourceOrder.extendLease(id, hours, cost.perHour);
  const { events } = await submitCall(context, call, { look: 'hamster leases' });
  const { endsAt } = events.get('resourceOrder.LeaseExtended');
  if (context.settings.json) return context.print(toJson({ lease: id, hours, total: cost.total, endsAt }));
  context.print(`Lease ${id} lasts until ${moment(endsAt)}.`);
}
