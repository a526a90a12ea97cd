import { Command, CommanderError } from 'commander';
import type { Static, TObject, TProperties } from 'typebox';
import { addConfigOptions, configOf } from './config/options.ts';
import type { ConfigDefinition, LogConfig } from './config/define-config.ts';
import { DaemonError, EXIT_FAILURE, EXIT_FORCED, EXIT_USAGE, sentenceOf } from './errors.ts';
import { Lifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { harmlessLines } from './terminal/harmless.ts';

/** What a composition root is handed. */
export interface DaemonContext<P extends TProperties> {
  readonly config: Static<TObject<P>>;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Aborts when the process is to stop. */
  readonly signal: AbortSignal;
}

export interface DaemonDefinition<P extends TProperties> {
  /** The command's name, for instance `hamster-gateway`. */
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly config: ConfigDefinition<P>;
  /** The composition root: starts the services one by one through the lifecycle. */
  start(context: DaemonContext<P>): Promise<void>;
  /** Adds subcommands, for instance for keys. */
  commands?(program: Command): void;
  /** Told each line of the log, as JSON, with its secrets hidden already. */
  onLog?(line: string): void;
  /** For stopping all services together, in ms. Default 15 s. */
  readonly stopDeadlineMs?: number;
  /** For each service to start, in ms. Default 30 s. */
  readonly startDeadlineMs?: number;
}

/**
 * Runs a daemon until a signal or the death of an essential service, then exits the process.
 *
 * Exit codes: 0 asked to stop, 1 failed or died, 2 wrong configuration, 130 forced by a second signal.
 * To be called from `main.ts` alone: it handles signals and calls `process.exit`.
 */
export async function runDaemon<P extends TProperties & LogConfig>(
  definition: DaemonDefinition<P>,
): Promise<void> {
  const program = new Command(definition.name)
    .description(definition.description)
    .version(definition.version)
    .showHelpAfterError('Run with --help to see what can be set.')
    // What stands behind the flags was meant as a command, and is called one.
    .allowExcessArguments()
    .exitOverride();
  addConfigOptions(program, definition.config);
  program.action(async () => {
    const [word] = program.args;
    if (word !== undefined) program.error(`error: unknown command '${word}'`);
    const config = await configOf(program, definition.config, process.env);
    process.exit(await serve(definition, config));
  });
  definition.commands?.(program);
  for (const command of program.commands) inheriting(command, program);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exit(report(error));
  }
}

/** How errors are told, down to the last subcommand. */
function inheriting(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent).allowExcessArguments(false);
  for (const sub of command.commands) inheriting(sub, command);
}

/** Says what went wrong on standard error; hands back the exit code. */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  process.stderr.write(`${harmlessLines(sentenceOf(error))}\n`);
  return exitCodeOf(error);
}

const exitCodeOf = (error: unknown): number =>
  error instanceof Error && 'exitCode' in error ? Number(error.exitCode) : EXIT_FAILURE;

async function serve<P extends TProperties & LogConfig>(
  definition: DaemonDefinition<P>,
  config: Static<TObject<P>>,
): Promise<number> {
  const log = loggerOf(definition, config as Static<TObject<LogConfig>>);
  const { startDeadlineMs, stopDeadlineMs } = definition;
  const lifecycle = new Lifecycle({
    log,
    ...(startDeadlineMs !== undefined && { startDeadlineMs }),
    ...(stopDeadlineMs !== undefined && { stopDeadlineMs }),
  });
  const ending = endOfProcess(lifecycle, log);
  void definition.start({ config, log, lifecycle, signal: lifecycle.signal }).then(
    () => log.info('ready'),
    (error: unknown) => ending.resolve(error),
  );
  const reason = await ending.promise;
  const failed = reason !== undefined;
  if (failed) log.fatal(isBug(reason) ? { err: reason } : {}, sentenceOf(reason));
  else log.info('stopping');
  await lifecycle.stop();
  log.info('stopped');
  return failed ? exitCodeOf(reason) : 0;
}

/**
 * A stack helps with a bug; for a port in use or a wrong setting the sentence says it all.
 * Errors that somebody foresaw have a code of their own, also behind the one that names the service.
 */
function isBug(error: unknown): boolean {
  if (error instanceof DaemonError && error.cause !== undefined && error.fault !== 'bug')
    return isBug(error.cause);
  if (error instanceof DaemonError) return error.fault === 'bug';
  return !(error instanceof Error && 'code' in error && typeof error.code === 'string');
}

function loggerOf(
  { name, onLog }: Pick<DaemonDefinition<never>, 'name' | 'onLog'>,
  config: Static<TObject<LogConfig>>,
): Logger {
  const colour = process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined;
  const { logLevel: level, logJson: json } = config;
  return createLogger({ name, level, json, output: process.stderr, colour, onLine: onLog });
}

/** Settles with what ends the process: undefined for a signal, otherwise the error. */
function endOfProcess(lifecycle: Lifecycle, log: Logger): PromiseWithResolvers<unknown> {
  const ending = Promise.withResolvers<unknown>();
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (++signals > 1) process.exit(EXIT_FORCED);
    log.info({ signal }, 'asked to stop; once more to force it');
    ending.resolve(undefined);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('uncaughtException', (error) => ending.resolve(bug(error)));
  process.on('unhandledRejection', (error) => ending.resolve(bug(error)));
  void lifecycle.died.then((error) => ending.resolve(error));
  return ending;
}

function bug(cause: unknown): DaemonError {
  return new DaemonError('BUG', `Something failed that nobody handled: ${sentenceOf(cause)}`, {
    cause,
    fault: 'bug',
  });
}
