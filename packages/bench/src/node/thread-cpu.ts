import { readdirSync, readFileSync } from 'node:fs';

const TASKS = '/proc/self/task';

/** Processor time in ms that threads of this process with that name have used; 0 where the system has no /proc to tell it. */
export function threadCpu(name: string): number {
  const nanoseconds = tasks().map((task) => (nameOf(task) === name ? timeOf(task) : 0));
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

function tasks(): readonly string[] {
  try {
    return readdirSync(TASKS);
  } catch {
    return [];
  }
}

const nameOf = (task: string): string | undefined => textOf(`${TASKS}/${task}/comm`)?.trim();

/** The first of its numbers is the time on a processor, in ns. */
const timeOf = (task: string): number => Number(textOf(`${TASKS}/${task}/schedstat`)?.split(' ')[0] ?? 0);

/** Undefined for a thread that has just ended. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
