import { Command } from 'commander';
import { withMachine } from '../access/machine.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import { harmless } from '@hamster/daemon';
import { awaitRunning } from './await-running.ts';
import { requireConsent } from './consent.ts';

interface ReinstallFlags {
  readonly image?: string;
  readonly yes: boolean;
  readonly wait: boolean;
}

export function reinstallCommand(run: Run): Command {
  return new Command('reinstall')
    .description('a new disk with another image, or the same anew; all data is lost')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .option('--image <name>', 'operating system, one that the provider offers; else the same anew')
    .option('--yes', 'do not ask', false)
    .option('--no-wait', 'do not wait until it answers')
    .action(run(reinstall));
}

async function reinstall(context: Context, id: number, flags: ReinstallFlags): Promise<void> {
  const image = await withMachine(context, id, async (machine) => {
    const { image: before } = await machine.ask({ name: 'status' });
    context.tell(
      `Lease ${id} has ${harmless(before)} now. Everything on its disk will be lost; keys and host key stay.`,
    );
    const wanted = flags.image ?? before;
    await requireConsent(context, `Erase it and install ${harmless(wanted)}?`, flags.yes);
    await machine.ask({ name: 'reinstall', image: wanted });
    if (flags.wait) await awaitRunning(context, id, machine);
    return wanted;
  });
  if (context.settings.json) return context.print(toJson({ lease: id, image }));
  context.print(`Lease ${id} has a new disk with ${image}. Log in with: hamster ssh ${id}`);
}
