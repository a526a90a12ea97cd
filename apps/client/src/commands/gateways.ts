import { Command } from 'commander';
import type { Gateway } from '@hamster/chain-client';
import { reachOf, type Reach } from '../access/gateway-reach.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { duration } from '../format/duration.ts';
import { toJson } from '../format/json.ts';
import { roundHam } from '../format/money.ts';
import { table, type Column } from '../format/table.ts';

export function gatewaysCommand(run: Run): Command {
  return new Command('gateways')
    .description('gateways that connect renters and machines')
    .option('--ping', 'dial each of them, and say how fast it answers', false)
    .option('--all', 'also those that are offline or were dropped', false)
    .action(run(gateways));
}

type Listed = Gateway & { readonly reach?: Reach };

async function gateways(context: Context, { all, ping }: { all: boolean; ping: boolean }): Promise<void> {
  const chain = await context.chain();
  const [found, now] = await Promise.all([all ? chain.allGateways() : chain.gateways(), chain.now()]);
  const list: readonly Listed[] = ping ? await reachOf(context, found) : found;
  if (context.settings.json) return context.print(toJson(list));
  if (list.length === 0) return context.print('No gateway is online at present.');
  context.print(table(list, [...columns(now), ...(ping ? [ANSWER] : []), ADDRESSES]));
}

function columns(now: number): Column<Listed>[] {
  return [
    { title: 'PEER', value: ({ peerId }) => peerId },
    { title: 'STATUS', value: ({ status }) => status.toLowerCase() },
    { title: 'REGION', value: ({ region }) => region || '-' },
    { title: 'STAKE', value: ({ stake }) => roundHam(stake), right: true },
    { title: 'SEEN', value: ({ lastHeartbeat }) => `${duration(now - lastHeartbeat)} ago` },
  ];
}

const ADDRESSES: Column<Listed> = { title: 'ADDRESSES', value: ({ multiaddrs }) => multiaddrs.join(' ') };

const ANSWER: Column<Listed> = {
  title: 'ANSWERS',
  value: ({ reach }) => (reach?.ok ? `in ${Math.ceil(reach.roundTripMs)} ms` : 'no'),
  right: true,
};
