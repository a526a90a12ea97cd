import { Command } from 'commander';
import { addConfigOptions } from '@hamster/daemon';
import { accountCommands } from '../commands/account.ts';
import { completionCommand } from '../commands/completion.ts';
import { consoleCommand } from '../commands/console.ts';
import { disputeCommand } from '../commands/dispute/dispute.ts';
import { daemonCommand } from '../commands/daemon.ts';
import { doctorCommand } from '../commands/doctor.ts';
import { extendCommand } from '../commands/extend.ts';
import { forwardCommand } from '../commands/forward.ts';
import { gatewaysCommand } from '../commands/gateways.ts';
import { keysCommand } from '../commands/keys.ts';
import { leasesCommand } from '../commands/leases.ts';
import { marketCommand } from '../commands/market.ts';
import { metricsCommand } from '../commands/metrics.ts';
import { cancelCommand, ordersCommand } from '../commands/orders.ts';
import { powerCommands } from '../commands/power.ts';
import { proxyCommand } from '../commands/proxy.ts';
import { quoteCommand } from '../commands/quote.ts';
import { reinstallCommand } from '../commands/reinstall.ts';
import { rentCommand } from '../commands/rent.ts';
import { resizeCommand } from '../commands/resize.ts';
import { scpCommand } from '../commands/scp.ts';
import { sendCommand } from '../commands/send.ts';
import { sshConfigCommand } from '../commands/ssh-config.ts';
import { sshCommand } from '../commands/ssh.ts';
import { statusCommand } from '../commands/status.ts';
import { terminateCommand } from '../commands/terminate.ts';
import { lookAfterVotes, remindOfVotes } from '../votes/remind.ts';
import { contextOf } from './context.ts';
import type { Context, Host } from './context.ts';
import { settings } from './settings.ts';

/** Wraps what a command does: it is handed the context first, and may hand back an exit code. */
export type Run = <A extends unknown[]>(
  handler: (context: Context, ...args: A) => Promise<number | undefined | void>,
) => (...args: A) => Promise<void>;

export interface Program {
  readonly command: Command;
  /** Parses and runs; resolves with the exit code. */
  run(args: readonly string[]): Promise<number>;
}

const EXIT_CODES = `
Exit codes:
  0 done; 1 failed; 2 wrong usage; 3 order rejected or not answered; 4 no such lease, not yours, or ended;
  5 machine or gateway not reachable; 6 chain not reachable, or transaction not taken; 130 interrupted.
  \`ssh\` hands on the exit code of the remote command, \`scp\` that of scp.`;

/** The whole command line of `hamster`. */
export function createProgram(host: Host, version: string): Program {
  const command = new Command('hamster')
    .description('Rent machines by the hour, and log in')
    .version(version)
    .showHelpAfterError('Run with --help to see what can be said.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  addConfigOptions(command, settings);
  let exitCode = 0;
  const bare: Run =
    (handler) =>
    async (...args) => {
      const { context, release } = await contextOf(host, command);
      try {
        exitCode = (await handler(context, ...args)) ?? 0;
      } finally {
        await release();
      }
    };
  const run: Run =
    (handler) =>
    async (...args) => {
      const { context, connected, release } = await contextOf(host, command);
      try {
        await remindOfVotes(context);
        exitCode = (await handler(context, ...args)) ?? 0;
        const chain = await connected();
        if (chain)
          await lookAfterVotes({ ...context, chain, signal: briefly(context) }).catch(() => undefined);
      } finally {
        await release();
      }
    };
  for (const make of COMMANDS) command.addCommand(inheriting(make(run), command));
  const contextAlone = async (): Promise<Context> => (await contextOf(host, command)).context;
  command.addCommand(inheriting(accountCommands(run, contextAlone), command));
  command.addCommand(inheriting(completionCommand(run, command), command));
  command.addCommand(inheriting(proxyCommand(bare), command), { hidden: true });
  return {
    command,
    async run(args) {
      await command.parseAsync([...args], { from: 'user' });
      return exitCode;
    },
  };
}

/** What nobody asked for must not keep anybody waiting. */
function briefly({ signal }: Context): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(5_000)]);
}

const FOR_ALL = '\n--chain, --account, --json and others hold for every command: hamster --help';

/** How errors and help are shown, down to the last subcommand. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent).addHelpText('after', FOR_ALL);
  for (const sub of command.commands) inheriting(sub, command);
  return command;
}

const COMMANDS: readonly ((run: Run) => Command)[] = [
  marketCommand,
  quoteCommand,
  rentCommand,
  ordersCommand,
  cancelCommand,
  leasesCommand,
  statusCommand,
  metricsCommand,
  sshCommand,
  scpCommand,
  sshConfigCommand,
  forwardCommand,
  consoleCommand,
  ...powerCommands,
  reinstallCommand,
  resizeCommand,
  keysCommand,
  extendCommand,
  terminateCommand,
  disputeCommand,
  gatewaysCommand,
  doctorCommand,
  daemonCommand,
  sendCommand,
];
