import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../../../apps/node/src/main.ts', import.meta.url));

/** A real hamster-node process on a free port. */
export interface NodeProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly genesisHash: string;
  /** Everything that it logged so far, one JSON line each. */
  readonly lines: readonly string[];
  /** Ends it by a signal and waits until it is gone; answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

interface Listening {
  readonly msg: string;
  readonly port: number;
  readonly genesisHash: string;
}

/** Starts `hamster-node` with `--log-json --rpc-port 0` and these flags, and waits until it listens. */
export async function startNodeProcess(...flags: string[]): Promise<NodeProcess> {
  const child = spawn(process.execPath, [MAIN, '--log-json', '--rpc-port', '0', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const exited = exitOf(child);
  const lines: string[] = [];
  const { port, genesisHash } = await listening(child, lines);
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    genesisHash,
    lines,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => void child.once('exit', (code) => resolve(code)));

function listening(child: ChildProcess, lines: string[]): Promise<Listening> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`hamster-node ended with ${String(code)}:\n${lines.join('\n')}`)),
    );
    if (!child.stderr) return reject(new Error('hamster-node has no standard error'));
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      const entry = readLine(line);
      if (entry?.msg === 'listening') resolve(entry);
    });
  });
}

function readLine(line: string): Listening | undefined {
  try {
    return JSON.parse(line) as Listening;
  } catch {
    return undefined;
  }
}
