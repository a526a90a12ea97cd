import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { LocalNetworkError } from './errors.ts';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where its output goes, appended. */
  readonly logFile: string;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const TAIL_LINES = 40;

/**
 * One child process in a process group of its own: a Ctrl-C in the terminal reaches only its parent, which then
 * stops its children in the right order. Keeps the last lines of the output for error messages.
 */
export class ManagedProcess {
  readonly name: string;
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #tail: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();

  constructor(spec: ProcessSpec) {
    this.name = spec.name;
    this.#log = createWriteStream(spec.logFile, { flags: 'a', mode: 0o600 });
    this.#child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#keep(line));
    }
    this.exited = this.#watch();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines that it printed. */
  get tail(): string {
    return this.#tail.join('\n');
  }

  /** Sends a signal to the process alone, as `kill` would. */
  kill(signal: NodeJS.Signals): void {
    if (this.running) this.#child.kill(signal);
  }

  /** Asks it to end, and ends its whole group if it has not after `deadlineMs`. */
  async stop(deadlineMs = 10_000): Promise<ProcessExit> {
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.#killGroup(), deadlineMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves when the process prints a line that matches. Rejects when it ends first, or when the signal aborts. */
  async printed(pattern: RegExp, signal: AbortSignal): Promise<void> {
    await this.#prints(pattern, signal, this.#tail);
  }

  /** As `printed`, but what it printed before does not count. */
  async printedNext(pattern: RegExp, signal: AbortSignal): Promise<void> {
    await this.#prints(pattern, signal, []);
  }

  async #prints(pattern: RegExp, signal: AbortSignal, before: readonly string[]): Promise<void> {
    const found = Promise.withResolvers<void>();
    const listener = (line: string): void => {
      if (pattern.test(line)) found.resolve();
    };
    const onAbort = (): void => found.reject(this.#silent(pattern));
    this.#listeners.add(listener);
    signal.addEventListener('abort', onAbort, { once: true });
    before.forEach(listener);
    try {
      await Promise.race([found.promise, this.failOnExit()]);
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Rejects as soon as the process ends; for racing against "is it ready yet". */
  async failOnExit(): Promise<never> {
    const { code, signal } = await this.exited;
    throw new LocalNetworkError(
      'PROCESS_ENDED',
      `${this.name} ended too early (${signal ?? `exit code ${code}`}). Its last lines:\n${this.tail}`,
    );
  }

  #keep(line: string): void {
    this.#log.write(`${line}\n`);
    this.#tail.push(line);
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
    for (const listener of this.#listeners) listener(line);
  }

  #silent(pattern: RegExp): LocalNetworkError {
    return new LocalNetworkError(
      'PROCESS_SILENT',
      `${this.name} did not print ${String(pattern)} in time. Its last lines:\n${this.tail}`,
    );
  }

  async #watch(): Promise<ProcessExit> {
    try {
      const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null];
      return { code, signal };
    } catch (error) {
      this.#keep(`could not be started: ${String(error)}`);
      return { code: -1, signal: null };
    } finally {
      this.#log.end();
    }
  }

  #killGroup(): void {
    if (this.pid === undefined || !this.running) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
