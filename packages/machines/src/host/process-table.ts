import { readdir, readFile, readlink } from 'node:fs/promises';

/** One line of the kernel's process table. `startTicks` tells a process from a later one with its number. */
export type ProcessInfo = { pid: number; parent: number; startTicks: string; zombie: boolean };

export async function processInfo(pid: number): Promise<ProcessInfo | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  return stat === undefined ? undefined : parseStat(pid, stat);
}

export async function allProcesses(): Promise<ProcessInfo[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const infos = await Promise.all(names.map((name) => processInfo(Number(name))));
  return infos.filter((info) => info !== undefined && !info.zombie) as ProcessInfo[];
}

/** True when the process began with `entry` ("NAME=value") in its environment. False for other accounts' ones. */
export async function hasEnvironment(pid: number, entry: string): Promise<boolean> {
  const block = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return block.split('\0').includes(entry);
}

export async function workingDirectory(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/cwd`).catch(() => undefined);
}

/** Parents → children, as far down as it goes. */
export function withDescendants(roots: Iterable<number>, table: readonly ProcessInfo[]): Set<number> {
  const found = new Set(roots);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of table) if (found.has(parent)) found.add(pid);
  }
  return found;
}

// The second field is the command in brackets and may hold blanks and brackets itself: read from its end.
function parseStat(pid: number, stat: string): ProcessInfo | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const startTicks = fields[19];
  if (state === undefined || parent === undefined || startTicks === undefined) return undefined;
  return { pid, parent: Number(parent), startTicks, zombie: state === 'Z' || state === 'X' };
}
