import { createInterface } from 'node:readline/promises';
import { DaemonError, EXIT_FORCED, EXIT_USAGE } from '../errors.ts';
import { harmlessLines } from './harmless.ts';
import { isInteractive } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Asks for a line of text. Throws `NO_TERMINAL` where nobody can answer, `INTERRUPTED` on Ctrl-C. */
export async function ask(terminal: Terminal, question: string, signal?: AbortSignal): Promise<string> {
  requireTerminal(terminal, question);
  const lines = createInterface({ input: terminal.input, output: terminal.errors });
  const gone = new AbortController();
  lines.once('close', () => gone.abort());
  try {
    return (
      await lines.question(`${harmlessLines(question)} `, { signal: anyOf(gone.signal, signal) })
    ).trim();
  } catch (cause) {
    throw signal?.aborted ? cause : interrupted();
  } finally {
    lines.close();
  }
}

/** Asks a yes-or-no question; anything but yes is no. */
export async function confirm(terminal: Terminal, question: string, signal?: AbortSignal): Promise<boolean> {
  const answer = await ask(terminal, `${question} [y/N]`, signal);
  return /^y(es)?$/i.test(answer);
}

/** Asks for a line that is not shown while it is typed. Throws as `ask` does, and the signal's reason once that aborts. */
export async function askHidden(terminal: Terminal, question: string, signal?: AbortSignal): Promise<string> {
  requireTerminal(terminal, question);
  signal?.throwIfAborted();
  const { input, errors } = terminal;
  errors.write(`${harmlessLines(question)} `);
  input.setRawMode?.(true);
  try {
    return await readHiddenLine(input, signal);
  } finally {
    input.setRawMode?.(false);
    input.pause();
    errors.write('\n');
  }
}

const ENTER = ['\r', '\n'];
const END = ['\u0003', '\u0004'];
const RUBOUT = ['\u007f', '\b'];

function readHiddenLine(input: Terminal['input'], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let line: string[] = [];
    const settle = (finish: () => void): void => {
      input.removeListener('data', onData);
      input.removeListener('end', onEnd);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const onAbort = (): void => settle(() => reject(signal?.reason as Error));
    const onEnd = (): void => settle(() => reject(interrupted()));
    const onData = (chunk: Buffer | string): void => {
      for (const key of chunk.toString()) {
        if (ENTER.includes(key)) return settle(() => resolve(line.join('')));
        if (END.includes(key)) return onEnd();
        line = RUBOUT.includes(key) ? line.slice(0, -1) : [...line, key];
      }
    };
    input.on('data', onData);
    input.on('end', onEnd);
    signal?.addEventListener('abort', onAbort);
    input.resume();
  });
}

function requireTerminal(terminal: Terminal, question: string): void {
  if (isInteractive(terminal)) return;
  throw new DaemonError('NO_TERMINAL', `"${question}" cannot be asked: this is not a terminal.`, {
    exitCode: EXIT_USAGE,
  });
}

function interrupted(): DaemonError {
  return new DaemonError('INTERRUPTED', 'Stopped.', { exitCode: EXIT_FORCED });
}

function anyOf(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  return second ? AbortSignal.any([first, second]) : first;
}
