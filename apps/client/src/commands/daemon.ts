import { Command, InvalidArgumentError, Option } from 'commander';
import { count, money, port } from '../cli/arguments.ts';
import type { Context } from '../cli/context.ts';
import { usageError } from '../cli/errors.ts';
import type { Run } from '../cli/program.ts';
import { isPage } from '../daemon/page-link.ts';
import { forwardTerms, type ForwardTerms } from '../daemon/terms.ts';

interface DaemonFlags {
  readonly forward: ForwardTerms[];
  readonly extendCap?: bigint;
  readonly extendHours: number;
  readonly extendMaxPrice?: bigint;
  readonly api: boolean;
  readonly apiPort: number;
  readonly apiOrigins: string[];
  readonly page?: string;
  readonly logJson: boolean;
}

const API_PORT = 9618;
const HELP = `
It runs until Ctrl-C, logs to standard error, and serves an HTTP API on 127.0.0.1: the token is in daemon/api.token of the home directory.
Without --extend-cap nothing is ever spent, and the account's key is let go of once the grants are signed; they hold for 20 hours, and
any command of yours, such as \`hamster ssh\`, signs new ones.
The link that --page prints holds the API's token: whoever has it commands the daemon until the file of the token is deleted. It is printed
at a terminal only; connect the page by hand where the daemon runs as a service.`;

export function daemonCommand(run: Run): Command {
  return new Command('daemon')
    .description('keep the ways to your machines open: faster logins, ports that stay, warnings, extension')
    .option(
      '--forward <lease:local:remote>',
      'a port here that leads to a machine (may be repeated)',
      forwardTerms,
      [],
    )
    .option(
      '--extend-cap <ham>',
      'extend leases that come to their end, for at most so much in all, ever',
      money,
    )
    .option('--extend-hours <number>', 'how much longer each time', count, 1)
    .option('--extend-max-price <ham>', 'highest price per hour (default: what the lease costs now)', money)
    .option('--no-api', 'serve no HTTP API')
    .option('--api-port <port>', 'port of the HTTP API; 0 takes a free one', apiPort, API_PORT)
    .addOption(
      new Option(
        '--api-origins <url...>',
        'web pages that may call the API, such as https://market.example',
      ).default([]),
    )
    .option('--page <url>', 'let this market page use the daemon, and print a link that connects it', page)
    .option('--log-json', 'log JSON lines', false)
    .addHelpText('after', HELP)
    .action(run(daemon));
}

async function daemon(context: Context, flags: DaemonFlags): Promise<void> {
  if (flags.page !== undefined && !flags.api)
    throw usageError('A page uses the daemon through its HTTP API: leave out --page or --no-api.');
  const [{ createLogger }, { runRenterDaemon }] = await Promise.all([
    import('@hamster/daemon'),
    import('../daemon/run.ts'),
  ]);
  const { errors } = context.terminal;
  const log = createLogger({
    name: 'hamster-daemon',
    level: 'info',
    json: flags.logJson,
    output: errors,
    colour: errors.isTTY === true && context.env['NO_COLOR'] === undefined,
  });
  await runRenterDaemon({
    context,
    log,
    version: context.version,
    api: {
      enabled: flags.api,
      host: '127.0.0.1',
      port: flags.apiPort,
      exposed: false,
      names: [],
      origins:
        flags.page === undefined ? flags.apiOrigins : [...flags.apiOrigins, new URL(flags.page).origin],
      openMetrics: false,
    },
    page: flags.page,
    forwards: flags.forward,
    extension: extensionOf(flags),
  });
}

function extensionOf({ extendCap, extendHours, extendMaxPrice }: DaemonFlags) {
  if (extendCap !== undefined) return { cap: extendCap, hours: extendHours, maxPrice: extendMaxPrice };
  if (extendMaxPrice === undefined) return undefined;
  throw usageError('Nothing is extended without --extend-cap: say how much may be spent in all.');
}

function apiPort(text: string): number {
  return text === '0' ? 0 : port(text);
}

function page(text: string): string {
  if (isPage(text)) return text;
  throw new InvalidArgumentError('Say where the page is, such as https://market.example/.');
}
