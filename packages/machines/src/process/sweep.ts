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
  if (graceMs > 0) {
    send(await findProcesses(layout), 'SIGTERM');
    if (await allGone(layout, graceMs, () => undefined)) return;
  }
  if (await allGone(layout, KILL_LIMIT_MS, (pids) => send(pids, 'SIGKILL'))) return;
  const left = [...(await findProcesses(layout))].join(', ');
  throw new MachineError('CleanupFailed', `processes ${left} of ${layout.root} do not end; try again`);
}

async function allGone(
  layout: MachineLayout,
  timeoutMs: number,
  act: (pids: Set<number>) => void,
): Promise<boolean> {
  const probe = async (): Promise<true | undefined> => {
    const pids = await findProcesses(layout);
    if (pids.size === 0) return true;
    act(pids);
    return undefined;
  };
  const options = { signal: AbortSignal.timeout(timeoutMs), intervalMs: CHECK_INTERVAL_MS };
  return pollUntil(probe, options).catch(() => false);
}

async function findProcesses(layout: MachineLayout): Promise<Set<number>> {
  const table = await allProcesses();
  const marked = await Promise.all(table.map(async ({ pid }) => ((await belongs(pid, layout)) ? [pid] : [])));
  const found = withDescendants(marked.flat(), table);
  found.delete(process.pid);
  return found;
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
