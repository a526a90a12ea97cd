import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from './environment.ts';
import { loginShell } from './environment.ts';

export type WindowSize = { rows: number; columns: number };
export type PipedChild = ChildProcessByStdio<Writable, Readable, Readable>;
export type Terminal = { child: PipedChild; resize(size: WindowSize): void };
export type TerminalRequest = {
  size: WindowSize;
  term: string;
  command: string;
  cwd: string;
  env: Environment;
};

const SCRIPT = '/usr/bin/script';
const TTY_NAME = /^\/dev\/(pts|tty)[/\w]*$/;
const MAX_SIDE = 10_000;

/** Node opens no pseudo-terminals; util-linux's `script`, on every Debian and Ubuntu, does. */
export function canOpenTerminals(): boolean {
  return existsSync(SCRIPT);
}

/** Runs `command` in a shell on a new pseudo-terminal. `script` forwards bytes and the exit status. */
export function openTerminal(request: TerminalRequest): Terminal {
  const { rows, columns } = bounded(request.size);
  const prelude = `stty sane rows ${rows} cols ${columns}; tty >&3; exec 3>&-`;
  const child = spawn(SCRIPT, ['-qefc', `${prelude}; ${request.command}`, '/dev/null'], {
    cwd: request.cwd,
    env: { ...request.env, TERM: request.term, SHELL: loginShell() },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  }) as ChildProcess as PipedChild;
  let size = request.size;
  let device: string | undefined;
  const apply = (): void => {
    if (device !== undefined) setSize(device, size);
  };
  const names = child.stdio[3] as unknown as Readable;
  names.once('data', (chunk: Buffer) => {
    const name = chunk.toString('latin1').trim();
    if (!TTY_NAME.test(name)) return;
    device = name;
    if (size !== request.size) apply();
  });
  names.on('error', () => undefined);
  return {
    child,
    resize: (next) => {
      size = next;
      apply();
    },
  };
}

// Setting the size through the terminal's device makes the kernel send SIGWINCH to whoever is in front.
function setSize(device: string, size: WindowSize): void {
  const { rows, columns } = bounded(size);
  const stty = spawn('stty', ['-F', device, 'rows', `${rows}`, 'cols', `${columns}`], { stdio: 'ignore' });
  stty.on('error', () => undefined);
}

function bounded({ rows, columns }: WindowSize): WindowSize {
  const side = (value: number, fallback: number): number =>
    Number.isSafeInteger(value) && value > 0 ? Math.min(value, MAX_SIDE) : fallback;
  return { rows: side(rows, 24), columns: side(columns, 80) };
}
