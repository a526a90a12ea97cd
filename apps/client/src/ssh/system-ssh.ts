import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Context } from '../cli/context.ts';
import { sshOptions } from './host-entry.ts';
import type { HostEntry } from './host-entry.ts';
import type { Remote } from './remote.ts';

/**
 * Runs the system's `ssh` with the terminal of this process. Resolves with its exit code, or with undefined when there
 * is no such program.
 */
export function systemSsh(
  context: Context,
  entry: HostEntry,
  { command, tty }: Remote,
): Promise<number | undefined> {
  return runWith(context, 'ssh', [
    ...optionsOf(entry),
    ...(tty ? ['-t'] : []),
    entry.alias,
    ...(command.length > 0 ? ['--', ...command] : []),
  ]);
}

/** Runs the system's `scp`, likewise. */
export function systemScp(
  context: Context,
  entry: HostEntry,
  args: readonly string[],
): Promise<number | undefined> {
  return runWith(context, 'scp', [...optionsOf(entry), ...args]);
}

function optionsOf(entry: HostEntry): string[] {
  return sshOptions(entry).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** Ctrl-C reaches the child by itself, from the terminal; who ends this process by a signal means the child, too. */
function runWith(context: Context, program: string, args: readonly string[]): Promise<number | undefined> {
  const restore = context.leaveInterrupts();
  const ended = new AbortController();
  return new Promise<number | undefined>((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...context.env } });
    const end = (): void => void child.kill();
    context.signal.addEventListener('abort', end, { signal: ended.signal });
    if (context.signal.aborted) end();
    child.on('error', (error) => {
      if ('code' in error && error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => {
    ended.abort();
    restore();
  });
}
