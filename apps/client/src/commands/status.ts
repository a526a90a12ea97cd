import { Command } from 'commander';
import type { StatusAnswer } from '@hamster/p2p';
import { withMachine } from '../access/machine.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import { slice } from '../format/size.ts';
import { harmless } from '@hamster/daemon';

export function statusCommand(run: Run): Command {
  return new Command('status')
    .description('how a rented machine is, by its provider')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .action(run(status));
}

async function status(context: Context, id: number): Promise<void> {
  const answer = await withMachine(context, id, (machine) => machine.ask({ name: 'status' }));
  if (context.settings.json) return context.print(toJson({ lease: id, ...answer }));
  context.print(statusText(id, answer));
}

export function statusText(id: number, { state, busyWith, image, size, leased }: StatusAnswer): string {
  const now = busyWith === undefined ? '' : ` The provider is busy with "${harmless(busyWith)}".`;
  const smaller = slice(size) === slice(leased) ? '' : ` (the lease pays for ${slice(leased)})`;
  return [`Lease ${id} ${MEANING[state](id)}${now}`, `  ${slice(size)}${smaller}, ${harmless(image)}`].join(
    '\n',
  );
}

const MEANING: Record<StatusAnswer['state'], (id: number) => string> = {
  running: () => 'runs.',
  starting: () => 'is starting: it runs, but does not answer yet.',
  stopped: (id) => `is stopped; its rent runs on. Start it with: hamster start ${id}`,
  failed: () => 'is down though it should run; its provider starts it again.',
};
