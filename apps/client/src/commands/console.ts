import { Command } from 'commander';
import { withMachine } from '../access/machine.ts';
import { positive } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { attachConsole } from '../access/attach-console.ts';

export function consoleCommand(run: Run): Command {
  return new Command('console')
    .description('the serial console of a rented machine: works when its network does not; Ctrl-] ends it')
    .argument('<lease>', 'id, as in `hamster leases`', positive)
    .action(run(openConsole));
}

async function openConsole(context: Context, id: number): Promise<void> {
  await withMachine(context, id, async (machine) => {
    const stream = await machine.console();
    const interactive = context.terminal.input.isTTY === true;
    if (interactive) context.tell(`The console of lease ${id}. Press Enter to wake it, Ctrl-] to leave.`);
    const left = await attachConsole(stream, context.terminal, context.signal);
    if (interactive)
      context.tell(left === 'left' ? '\nLeft the console; the machine goes on.' : '\nThe console ended.');
  });
}
