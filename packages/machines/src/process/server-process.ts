import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MachineError } from '../errors.ts';
import { pollUntil } from '../host/poll.ts';
import { processInfo } from '../host/process-table.ts';
import { MARK_VARIABLE } from './layout.ts';
import type { MachineLayout } from './layout.ts';
import { readStatus } from './record.ts';
import type { ServerStatus } from './record.ts';

const SERVER_MAIN = fileURLToPath(new URL('./server/main.ts', import.meta.url));
const START_LIMIT_MS = 20_000;
const STATUS_INTERVAL_MS = 25;
/** The server's own word for "another one already serves this machine". */
export const ALREADY_SERVED = 3;

/** The status of the server that runs now, or undefined. */
export async function liveServer(layout: MachineLayout): Promise<ServerStatus | undefined> {
  const status = await readStatus(layout);
  if (status === undefined || status.bootId !== (await bootId())) return undefined;
  const info = await processInfo(status.pid);
  return info && !info.zombie && info.startTicks === status.startTicks ? status : undefined;
}

/**
 * Starts the server, detached: it outlives this process. Two starters are harmless, since the server takes a
 * lock and the second one leaves. Throws `BootFailed` when no server says that it listens.
 */
export async function startServer(
  layout: MachineLayout,
  cpus: readonly number[],
  signal?: AbortSignal,
): Promise<ServerStatus> {
  const log = await open(layout.log, 'a', 0o600);
  const failed = new AbortController();
  try {
    const child = spawn(
      'taskset',
      ['--cpu-list', cpus.join(','), process.execPath, SERVER_MAIN, layout.root],
      {
        cwd: layout.root,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
        env: { PATH: process.env['PATH'], [MARK_VARIABLE]: layout.mark },
      },
    );
    child.once('error', (error) => failed.abort(error));
    child.once('exit', (code) => code !== ALREADY_SERVED && failed.abort(new Error(`exit status ${code}`)));
    child.unref();
    const limits = [failed.signal, AbortSignal.timeout(START_LIMIT_MS), ...(signal ? [signal] : [])];
    const options = { signal: AbortSignal.any(limits), intervalMs: STATUS_INTERVAL_MS };
    return await pollUntil(() => liveServer(layout), options);
  } catch (error) {
    signal?.throwIfAborted();
    throw new MachineError('BootFailed', `the machine's SSH server did not start; see ${layout.log}`, {
      cause: error,
    });
  } finally {
    await log.close();
  }
}

export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => 'unknown')).trim();
}
