import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeError } from '../errors.ts';

/** A process id alone may have been given to somebody else since; with its start time it can't. */
interface Owner {
  readonly pid: number;
  readonly startedAt: string;
}

const NOBODY: Owner = { pid: 0, startedAt: '' };

export interface FolderLock {
  readonly release: () => void;
  /** Lets go of it as a process does that was killed: for one that could not find out what that had left. */
  readonly leave: () => void;
  /** Whether the process before did not end by itself. */
  readonly wasLeft: boolean;
}

/**
 * Makes sure that one process works on a folder. The file of a process that was killed is taken over.
 * Throws NODE_DATABASE_IN_USE.
 */
export function lockFolder(folder: string): FolderLock {
  const file = join(folder, 'lock');
  const owner = readOwner(file);
  if (owner && isAlive(owner)) {
    throw new NodeError(
      'NODE_DATABASE_IN_USE',
      `Process ${owner.pid} already works on ${folder}: stop it first, or choose another base path`,
    );
  }
  if (owner) unlinkSync(file);
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: startTime(process.pid) ?? '' }), {
    flag: 'wx',
    mode: 0o600,
  });
  return {
    release: () => unlinkSync(file),
    leave: () => writeFileSync(file, JSON.stringify(NOBODY)),
    wasLeft: owner !== undefined,
  };
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch (error) {
    if (error instanceof SyntaxError) return NOBODY;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive({ pid, startedAt }: Owner): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = startTime(pid);
  return now === undefined || now === startedAt;
}

/** Field 22 of /proc/<pid>/stat, in clock ticks since boot. Undefined where there is no such file. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
