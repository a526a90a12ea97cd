import { Command } from 'commander';
import { withMachine } from '../access/machine.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { toJson } from '../format/json.ts';
import { awaitRunning } from './await-running.ts';

interface Power {
  readonly name: 'stop' | 'start' | 'reboot' | 'reset';
  readonly description: string;
  readonly done: (id: number) => string;
}

interface PowerFlags {
  /** False with --no-wait. */
  readonly wait: boolean;
}

const POWERS: readonly Power[] = [
  {
    name: 'stop',
    description: 'shut a rented machine down; its data stays, and its rent runs on',
    done: (id) => `Lease ${id} is stopped. Start it with: hamster start ${id}`,
  },
  { name: 'start', description: 'start a stopped machine', done: (id) => `Lease ${id} runs.` },
  {
    name: 'reboot',
    description: 'shut a machine down and start it',
    done: (id) => `Lease ${id} runs again.`,
  },
  {
    name: 'reset',
    description: 'press the reset button: what is not written to disk is lost',
    done: (id) => `Lease ${id} runs again.`,
  },
];

export const powerCommands = POWERS.map((power) => (run: Run): Command => {
  const command = new Command(power.name)
    .description(power.description)
    .argument('<lease>', 'id, as in `hamster leases`', positive);
  if (power.name !== 'stop') command.option('--no-wait', 'do not wait until it answers');
  return command.action(
    run((context: Context, id: number, flags: PowerFlags) => carryOut(context, id, power, flags)),
  );
});

async function carryOut(
  context: Context,
  id: number,
  { name, done }: Power,
  flags: PowerFlags,
): Promise<void> {
  const wait = name !== 'stop' && flags.wait;
  await withMachine(context, id, async (machine) => {
    await machine.ask({ name });
    if (wait) await awaitRunning(context, id, machine);
  });
  if (context.settings.json) return context.print(toJson({ lease: id, done: name }));
  context.print(wait || name === 'stop' ? done(id) : `Lease ${id} is starting.`);
}
