import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../errors.ts';
import { startFlags } from '../start-flags.ts';
import type { Bench } from '../suite.ts';
import type { ProbeReport } from './probe.ts';

const MAIN = fileURLToPath(new URL('../../../../apps/node/src/main.ts', import.meta.url));
const PROBE = new URL('./probe.ts', import.meta.url).href;
const START_TIMEOUT_MS = 15 * 60_000;

export interface BlockLog {
  readonly number: number;
  /** Inherents included. */
  readonly extrinsics: number;
  /** ms. */
  readonly took: number;
  /** When the line was read, by `performance.now()`. */
  readonly at: number;
}

interface LogLine {
  readonly msg?: string;
  readonly port?: number;
  readonly genesisHash?: string;
  readonly number?: number;
  readonly extrinsics?: number;
  readonly took?: number;
}

/** A real hamster-node process with a probe in it. */
export class NodeProcess {
  /** From the start of the process until it listens, in ms. */
  readonly startedIn: number;
  readonly url: string;
  readonly genesisHash: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #listeners: Set<(block: BlockLog) => void>;

  private constructor(child: ChildProcess, exited: Promise<unknown>, listening: Listening) {
    this.#child = child;
    this.#exited = exited;
    this.#listeners = listening.listeners;
    this.startedIn = listening.startedIn;
    this.url = `ws://127.0.0.1:${listening.port}`;
    this.genesisHash = listening.genesisHash;
  }

  static async start({ options }: Pick<Bench, 'options'>, flags: readonly string[]): Promise<NodeProcess> {
    const profiles = options['cpu-prof'];
    const profiling = profiles ? ['--cpu-prof', '--cpu-prof-dir', profiles] : [];
    const asStarted = await startFlags('node');
    const args = [
      ...asStarted,
      ...profiling,
      '--import',
      PROBE,
      MAIN,
      '--log-json',
      '--rpc-port',
      '0',
      ...flags,
    ];
    const since = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const exited = once(child, 'exit');
    return new NodeProcess(child, exited, await listening(child, since));
  }

  /** Calls `listener` for each block that the node logs. */
  onBlock(listener: (block: BlockLog) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins a new stretch of watching. */
  resetProbe(): void {
    this.#child.send('reset');
  }

  async probe(): Promise<ProbeReport> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(30_000) });
    this.#child.send('report');
    const [report] = (await answer) as [ProbeReport];
    return report;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    await this.#exited;
    clearTimeout(deadline);
  }
}

interface Listening {
  readonly port: number;
  readonly genesisHash: string;
  readonly startedIn: number;
  readonly listeners: Set<(block: BlockLog) => void>;
}

function listening(child: ChildProcess, since: number): Promise<Listening> {
  const { promise, resolve, reject } = Promise.withResolvers<Listening>();
  const listeners = new Set<(block: BlockLog) => void>();
  const tail: string[] = [];
  const give = (why: string) => {
    clearTimeout(timer);
    child.kill('SIGKILL');
    reject(new BenchError('BENCH_PROCESS', `hamster-node ${why}. Its last lines:\n${tail.join('\n')}`));
  };
  const timer = setTimeout(() => give('did not listen in time'), START_TIMEOUT_MS);
  child.once('exit', (code) => give(`ended with ${String(code)}`));
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (text) => {
      if (tail.push(text) > 20) tail.shift();
      const line = parsed(text);
      if (line?.msg === 'listening' && line.port && line.genesisHash) {
        clearTimeout(timer);
        const { port, genesisHash } = line;
        resolve({ port, genesisHash, startedIn: performance.now() - since, listeners });
      }
      if (line?.msg === 'Block made') for (const listener of listeners) listener(blockLog(line));
    });
  }
  return promise;
}

const blockLog = ({ number = 0, extrinsics = 0, took = 0 }: LogLine): BlockLog => ({
  number,
  extrinsics,
  took,
  at: performance.now(),
});

function parsed(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return undefined;
  }
}
