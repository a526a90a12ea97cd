import { Command } from 'commander';
import type { MachineSize } from '@hamster/p2p';
import { withMachine } from '../access/machine.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import { slice } from '../format/size.ts';
import { awaitRunning } from './await-running.ts';
import { requireConsent } from './consent.ts';
import { addSpecOptions, type SpecFlags } from './spec-options.ts';

interface ResizeFlags extends SpecFlags {
  readonly yes: boolean;
}

const LIMITS = `
A machine never has more than its lease pays for, and what a lease pays for cannot be changed: a smaller machine
costs the same, and can grow back. A disk only grows. A machine that runs may be rebooted.`;

export function resizeCommand(run: Run): Command {
  const command = new Command('resize')
    .description('give a rented machine other resources, within those of its lease')
    .argument('<lease>', 'id, as in `hamster leases`', positive);
  return addSpecOptions(command)
    .option('--yes', 'do not ask', false)
    .addHelpText('after', LIMITS)
    .action(run(resize));
}

async function resize(context: Context, id: number, flags: ResizeFlags): Promise<void> {
  if (flags.cores === undefined && flags.memory === undefined && flags.disk === undefined) {
    throw usageError('Say what it should have: --cores, --memory or --disk.');
  }
  const size = await withMachine(context, id, async (machine) => {
    const { state, size: before, leased } = await machine.ask({ name: 'status' });
    const wanted = sizeOf(before, flags);
    ensureWithin(id, wanted, leased);
    context.tell(`Lease ${id} has ${slice(before)}, and pays for ${slice(leased)} whatever it has.`);
    await requireConsent(context, `Give it ${slice(wanted)}, with a reboot if need be?`, flags.yes);
    await machine.ask({ name: 'resize', spec: wanted });
    if (state !== 'stopped') await awaitRunning(context, id, machine);
    return wanted;
  });
  if (context.settings.json) return context.print(toJson({ lease: id, size }));
  context.print(`Lease ${id} has ${slice(size)}.`);
}

/** The provider would say so, too, but only after the person was asked. */
function ensureWithin(id: number, wanted: MachineSize, leased: MachineSize): void {
  const fits =
    wanted.cpuCores <= leased.cpuCores &&
    wanted.memoryMib <= leased.memoryMib &&
    wanted.diskGib <= leased.diskGib;
  if (fits) return;
  throw usageError(
    `Lease ${id} pays for ${slice(leased)}, so its machine cannot have ${slice(wanted)}. For a larger one, rent another.`,
  );
}

function sizeOf(before: MachineSize, { cores, memory, disk }: SpecFlags): MachineSize {
  return {
    cpuCores: cores ?? before.cpuCores,
    memoryMib: memory ?? before.memoryMib,
    diskGib: disk ?? before.diskGib,
  };
}
