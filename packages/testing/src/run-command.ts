import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { appMain, ROOT, type AppName } from './apps.ts';
import { LocalNetworkError } from './errors.ts';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
}

/** Runs a program to its end. An exit code other than 0 is a result, not an error. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, env, input = '' }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...env }, signal });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code: code ?? -1, stdout, stderr };
}

/** Runs one of our command lines to its end. */
export function runApp(
  app: AppName,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return runProgram(process.execPath, [appMain(app), ...args], options);
}

/** As `runApp`, but an exit code other than 0 throws, with what the command said. */
export async function runAppOrThrow(
  app: AppName,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const result = await runApp(app, args, options);
  if (result.code === 0) return result;
  throw new LocalNetworkError(
    'COMMAND_FAILED',
    `"${app} ${args.join(' ')}" ended with ${result.code}:\n${result.stdout}${result.stderr}`,
  );
}
