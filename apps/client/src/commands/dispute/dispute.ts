import { Command } from 'commander';
import type { Run } from '../../cli/program.ts';
import { commitCommand } from './commit.ts';
import { listCommand } from './list.ts';
import { openCommand } from './open.ts';
import { revealCommand } from './reveal.ts';
import { showCommand } from './show.ts';

export function disputeCommand(run: Run): Command {
  const command = new Command('dispute').description('when a machine is not what it should be; and voting');
  for (const make of [openCommand, listCommand, showCommand, commitCommand, revealCommand]) {
    command.addCommand(make(run));
  }
  return command;
}
