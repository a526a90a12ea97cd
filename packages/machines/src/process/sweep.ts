import { MachineError } from '../errors.ts';
import { pollUntil } from '../host/poll.ts';
import { allProcesses, hasEnvironment, withDescendants, workingDirectory } from '../host/process-table.ts';
import { MARK_VARIABLE } from './layout.ts';
import type { MachineLayout } from './layout.ts';

const KILL_LIMIT_MS = 10_000;
const CHECK_INTERVAL_MS = 20;

/**
 * Ends every process of the machine: those that carry its mark, work in its home, or descend from one of these.
 * They get `graceMs` to leave by themselves. A process that sheds all three escapes: this is no isolation.
 */
export async function endProcesses(layout: MachineLayout, graceMs: number): Promise<void> {
  const found = new Found(layout);
  if (graceMs > 0) {
    send(await found.look(), 'SIGTERM');
    if (await allGone(found, graceMs, () => undefined)) return;
  }
  if (await allGone(found, KILL_LIMIT_MS, (pids) => send(pids, 'SIGKILL'))) return;
  const left = (await found.look()).join(', ');
  throw new MachineError('CleanupFailed', `processes ${left} of ${layout.root} do not end; try again`);
}

/** Numbers of all processes of the machine, its server among them. */
export function machineProcesses(layout: MachineLayout): Promise<number[]> {
  return new Found(layout).look();
}

async function allGone(found: Found, timeoutMs: number, act: (pids: number[]) => void): Promise<boolean> {
  const probe = async (): Promise<true | undefined> => {
    const pids = await found.look();
    if (pids.length === 0) return true;
    act(pids);
    return undefined;
  };
  const options = { signal: AbortSignal.timeout(timeoutMs), intervalMs: CHECK_INTERVAL_MS };
  return pollUntil(probe, options).catch(() => false);
}

/** Remembers what it once found, since a process that is about to end has lost its environment and directory. */
class Found {
  readonly #layout: MachineLayout;
  readonly #seen = new Map<number, string>();

  constructor(layout: MachineLayout) {
    this.#layout = layout;
  }

  /** Numbers of the machine's processes that still are. */
  async look(): Promise<number[]> {
    const table = await allProcesses();
    const known = table.filter(({ pid, startTicks }) => this.#seen.get(pid) === startTicks);
    const marked = await Promise.all(
      table.map(async ({ pid }) => ((await belongs(pid, this.#layout)) ? [pid] : [])),
    );
    const pids = withDescendants([...known.map(({ pid }) => pid), ...marked.flat()], table);
    pids.delete(process.pid);
    for (const { pid, startTicks } of table) if (pids.has(pid)) this.#seen.set(pid, startTicks);
    return [...pids];
  }
}

async function belongs(pid: number, layout: MachineLayout): Promise<boolean> {
  if (await hasEnvironment(pid, `${MARK_VARIABLE}=${layout.mark}`)) return true;
  const directory = await workingDirectory(pid);
  return directory === layout.home || directory?.startsWith(`${layout.home}/`) === true;
}

function send(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the look and the signal.
    }
  }
}
