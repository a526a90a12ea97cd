import { Command } from 'commander';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { duration } from '../format/duration.ts';
import { toJson } from '../format/json.ts';
import { table } from '../format/table.ts';

export function gatewaysCommand(run: Run): Command {
  return new Command('gateways')
    .description('gateways that connect renters and machines')
    .option('--all', 'also those that are offline or were dropped', false)
    .action(run(gateways));
}

async function gateways(context: Context, { all }: { all: boolean }): Promise<void> {
  const chain = await context.chain();
  const [list, now] = await Promise.all([all ? chain.allGateways() : chain.gateways(), chain.now()]);
  if (context.settings.json) return context.print(toJson(list));
  if (list.length === 0) return context.print('No gateway is online at present.');
  context.print(
    table(list, [
      { title: 'PEER', value: ({ peerId }) => peerId },
      { title: 'STATUS', value: ({ status }) => status.toLowerCase() },
      { title: 'REGION', value: ({ region }) => region || '-' },
      { title: 'SEEN', value: ({ lastHeartbeat }) => `${duration(now - lastHeartbeat)} ago` },
      { title: 'ADDRESSES', value: ({ multiaddrs }) => multiaddrs.join(' ') },
    ]),
  );
}
