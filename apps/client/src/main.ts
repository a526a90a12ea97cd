import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import { harmlessLines, processTerminal, sentenceOf } from '@hamster/daemon';
import packageJson from '../package.json' with { type: 'json' };
import { EXIT, exitCodeOf } from './cli/errors.ts';
import { createProgram } from './cli/program.ts';

const interrupts = new AbortController();
let children = 0;

function onInterrupt(): void {
  if (children === 0) onTerminate();
}

function onTerminate(): void {
  if (interrupts.signal.aborted) process.exit(EXIT.interrupted);
  interrupts.abort(new Error('Stopped.'));
}

function leaveInterrupts(): () => void {
  children += 1;
  return () => {
    children -= 1;
  };
}

process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onTerminate);
// At a terminal only, which is given back as it was: whoever is to outlive its terminal has none as input, as under nohup.
if (process.stdin.isTTY) process.on('SIGHUP', onTerminate);
process.stdout.on('error', outputLost);
// There is nowhere left to say it.
process.stderr.on('error', () => undefined);

const host = {
  terminal: processTerminal(),
  env: process.env,
  signal: interrupts.signal,
  leaveInterrupts,
  self: [process.execPath, fileURLToPath(import.meta.url)],
};

try {
  process.exitCode = await createProgram(host, packageJson.version).run(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
// Idle connections must not keep the terminal waiting; what was printed goes out first.
process.stdout.write('', () => process.exit());

/** Whoever reads the output may stop early, as `head` does; anything else, such as a full disk, loses what was to be kept. */
function outputLost(error: Error): void {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`The output could not be written: ${sentenceOf(error)}\n`);
  process.exit(EXIT.failure);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (interrupts.signal.aborted) {
    process.stderr.write('Stopped.\n');
    return EXIT.interrupted;
  }
  const known = error instanceof Error && 'code' in error;
  process.stderr.write(`${harmlessLines(known ? sentenceOf(error) : bugReport(error))}\n`);
  return exitCodeOf(error);
}

function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a fault of the program, not yours:\n${stack}`;
}
