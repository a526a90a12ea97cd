import { Command } from 'commander';
import type { Lease, LeaseView } from '@hamster/chain-client';
import { isLive, leaseView } from '@hamster/chain-client/market';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { duration } from '../format/duration.ts';
import { endingText } from '../format/ending.ts';
import { toJson } from '../format/json.ts';
import { roundHam } from '../format/money.ts';
import { slice } from '../format/size.ts';
import { table } from '../format/table.ts';

type Viewed = Lease & { readonly view: LeaseView };

export function leasesCommand(run: Run): Command {
  return new Command('leases')
    .description('machines that you rent')
    .option('--all', 'also those that have ended, with the reason', false)
    .action(run(leases));
}

async function leases(context: Context, { all }: { all: boolean }): Promise<void> {
  const chain = await context.chain();
  const { address } = await context.account();
  const [list, now, parameters] = await Promise.all([
    chain.leasesOf(address),
    chain.now(),
    chain.parameters(),
  ]);
  const viewed = list
    .filter((lease) => all || isLive(lease))
    .map((lease) => ({ ...lease, view: leaseView(lease, now, parameters.resourceOrder) }));
  if (context.settings.json) return context.print(toJson(viewed));
  if (viewed.length === 0) return context.print(nothing(list.length));
  context.print(leaseTable(viewed, all));
  const { hour } = parameters.resourceOrder;
  for (const { id, view } of viewed)
    if (view.live && view.timeLeftMs <= hour) context.tell(`Lease ${id} ${endingText(id, view.timeLeftMs)}`);
}

function leaseTable(leases: readonly Viewed[], all: boolean): string {
  return table(leases, [
    { title: 'LEASE', value: ({ id }) => String(id), right: true },
    { title: 'STATUS', value: ({ status }) => status.toLowerCase() },
    { title: 'LEFT', value: ({ view }) => (view.live ? duration(view.timeLeftMs) : '-'), right: true },
    { title: 'PER HOUR', value: ({ pricePerHour }) => roundHam(pricePerHour), right: true },
    { title: 'SPENT', value: ({ view }) => roundHam(view.spent), right: true },
    {
      title: 'BACK',
      value: ({ view, refunded }) => roundHam(view.live ? view.refundIfEnded : refunded),
      right: true,
    },
    { title: 'IMAGE', value: ({ image }) => image },
    { title: 'MACHINE', value: ({ resource, spec }) => `${resource}: ${slice(spec)}` },
    ...(all ? [{ title: 'STORY', value: ({ view }: Viewed) => view.story }] : []),
  ]);
}

function nothing(ended: number): string {
  if (ended === 0) return 'You rent no machines. Look at `hamster market`.';
  return 'You rent no machines at present. `hamster leases --all` shows those that have ended.';
}
