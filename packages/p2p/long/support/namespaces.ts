import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);
const COMMAND_MS = 20_000;

/**
 * A network of its own inside the kernel, without a name: it lives as long as the process that holds it, and that one ends with
 * its standard input. So nothing stays behind, however this process ends, and the host's own interfaces never change.
 */
export interface Namespace {
  /** Runs a command inside; throws when it fails. */
  run(command: string, ...args: string[]): Promise<void>;
  /** The start of a command line that runs the rest inside. */
  readonly enter: readonly string[];
  readonly pid: number;
  stop(): Promise<void>;
}

export async function createNamespace(): Promise<Namespace> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { pid } = await ready(holder);
  const enter = ['nsenter', `--net=/proc/${pid}/ns/net`, '--'];
  const exited = once(holder, 'exit');
  const namespace: Namespace = {
    pid,
    enter,
    async run(command, ...args) {
      const [program = '', ...before] = enter;
      await run(program, [...before, command, ...args], { timeout: COMMAND_MS });
    },
    async stop() {
      holder.stdin?.end();
      await exited;
    },
  };
  await namespace.run('ip', 'link', 'set', 'lo', 'up');
  return namespace;
}

async function ready(holder: ChildProcess): Promise<{ pid: number }> {
  const failed = once(holder, 'exit').then(([code]) => {
    throw new TypeError(
      `A network namespace cannot be made (unshare ended with ${String(code)}); this needs root`,
    );
  });
  if (!holder.stdout || holder.pid === undefined) throw new TypeError('unshare did not start');
  await Promise.race([once(holder.stdout, 'data', { signal: AbortSignal.timeout(COMMAND_MS) }), failed]);
  failed.catch(() => undefined);
  return { pid: holder.pid };
}
