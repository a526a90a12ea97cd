import { spawn } from 'node:child_process';
import { MachineError } from '../errors.ts';

export type CommandOptions = {
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Standard output goes here instead of into the result. */
  outputFd?: number;
};

export type CommandRunner = (
  file: string,
  args: readonly string[],
  options?: CommandOptions,
) => Promise<string>;

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 4 * 1024 * 1024;
const ERROR_LINES = 5;

/**
 * Runs a program without a shell and resolves with its standard output. Throws `CommandFailed` with the last
 * lines it said. Output beyond 4 MiB is dropped from the front.
 */
export const runCommand: CommandRunner = (file, args, options = {}) =>
  new Promise((resolve, reject) => {
    const { signal, cwd, timeoutMs = TIMEOUT_MS } = options;
    const child = spawn(file, args, {
      cwd,
      env: { ...(options.env ?? process.env), LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', options.outputFd ?? 'pipe', 'pipe'],
      signal,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const output = new Tail();
    const errors = new Tail();
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    const fail = (what: string, cause?: unknown): void => {
      if (signal?.aborted) return reject(signal.reason as Error);
      reject(new MachineError('CommandFailed', `${file} ${args[0] ?? ''}: ${what}`, { cause }));
    };
    child.once('error', (error) => fail(error.message, error));
    child.once('close', (code, killed) => {
      if (code === 0) return resolve(output.text());
      const said = errors.text().trim().split('\n').slice(-ERROR_LINES).join('; ');
      fail(code === null ? `killed by ${killed} (limit ${timeoutMs} ms)` : `exit status ${code}: ${said}`);
    });
  });

class Tail {
  #chunks: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length > MAX_OUTPUT) this.#length -= this.#chunks.shift()?.length ?? 0;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
