import { Argument, Command } from 'commander';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { SHELLS, type CommandWords, type Shell } from '../shell/scripts.ts';

const HELP = `
Where the script goes:
  bash   hamster completion bash > ~/.local/share/bash-completion/completions/hamster
  zsh    hamster completion zsh > "\${fpath[1]}/_hamster"
  fish   hamster completion fish > ~/.config/fish/completions/hamster.fish`;

export function completionCommand(run: Run, program: Command): Command {
  return new Command('completion')
    .description('a script by which the shell completes commands and options')
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(SHELLS)))
    .addHelpText('after', HELP)
    .action(
      run((context: Context, shell: Shell) => {
        context.print(SHELLS[shell](wordsOf(program)));
        return Promise.resolve();
      }),
    );
}

/** What can be said: of the program itself, and of each of its commands that is shown. */
function wordsOf(program: Command): { program: CommandWords; commands: CommandWords[] } {
  const shown = program.createHelp().visibleCommands(program);
  return { program: wordsOfOne(program), commands: shown.map(wordsOfOne) };
}

function wordsOfOne(command: Command): CommandWords {
  const help = command.createHelp();
  const fixed = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const nested = help.visibleCommands(command).map((sub) => sub.name());
  return {
    name: command.name(),
    description: command.description(),
    words: command.parent === null ? [] : [...fixed, ...nested.filter((name) => name !== 'help')],
    options: help
      .visibleOptions(command)
      .flatMap(({ long, description, required }) =>
        long ? [{ long, description, takesValue: required === true }] : [],
      ),
  };
}
