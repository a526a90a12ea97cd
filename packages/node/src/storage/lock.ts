import {
  accessSync,
  constants,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { NodeError } from '../errors.ts';

/** A process id alone may have been given to somebody else since; with its start time it can't. */
interface Owner {
  readonly pid: number;
  readonly startedAt: string;
}

/** Its name in the folder. */
export const LOCK = 'lock';

const NOBODY: Owner = { pid: 0, startedAt: '' };

export interface FolderLock {
  readonly release: () => void;
  /** Lets go of it as a process does that was killed: for one that could not find out what that had left. */
  readonly leave: () => void;
  /** Whether the process before did not end by itself. */
  readonly wasLeft: boolean;
}

/**
 * Makes sure that one process works on a folder. The lock of a process that was killed is taken over. It is a link that leads
 * nowhere and is called after its owner: that is made whole or not at all, and also on a full disk. Throws NODE_DATABASE_IN_USE.
 */
export function lockFolder(folder: string): FolderLock {
  const file = join(folder, LOCK);
  const own = textOf({ pid: process.pid, startedAt: startTime(process.pid) ?? '' });
  const isNew = linked(own, file);
  if (!isNew) takeOver(folder, file, own);
  return {
    release: () => unlinkSync(file),
    leave() {
      const left = `${file}.left`;
      linked(textOf(NOBODY), left);
      renameSync(left, file);
    },
    wasLeft: !isNew,
  };
}

/**
 * Takes the lock of one that is no more, at the same time as others may: who has the second link may put it in the place of the first.
 * Where that was left as well, several may believe to have it, and what counts is whose name the lock has in the end.
 */
function takeOver(folder: string, file: string, own: string): void {
  refuseWhileAlive(folder, file);
  const taking = `${file}.taking`;
  if (!linked(own, taking)) {
    refuseWhileAlive(folder, taking);
    unlessGone(() => unlinkSync(taking));
    linked(own, taking);
  }
  try {
    refuseWhileAlive(folder, file);
  } catch (error) {
    unlessGone(() => unlinkSync(taking));
    throw error;
  }
  if (targetOf(file) === undefined) {
    // Let go of meanwhile: it is whose comes first.
    linked(own, file);
    unlessGone(() => unlinkSync(taking));
  } else unlessGone(() => renameSync(taking, file));
  if (targetOf(file) !== own) throw inUse(folder, ownerOf(file));
}

/** Whether it is made now; false where there is one. */
function linked(target: string, file: string): boolean {
  try {
    symlinkSync(target, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw isWithoutLinks(error, dirname(file)) ? withoutLinks(dirname(file), error) : error;
  }
}

/** Linux says that it is not permitted; a right that is missing is called EACCES. */
const isWithoutLinks = (error: unknown, folder: string): boolean => {
  const code = codeOf(error);
  return code === 'ENOSYS' || code === 'EOPNOTSUPP' || (code === 'EPERM' && mayWrite(folder));
};

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const withoutLinks = (folder: string, cause: unknown): NodeError =>
  new NodeError(
    'NODE_STORAGE',
    `${folder} cannot be locked: its file system has no symbolic links, as FAT and exFAT have none. ` +
      'Copy the folder to one that has, such as ext4, and choose that as base path',
    { cause },
  );

function refuseWhileAlive(folder: string, file: string): void {
  const owner = ownerOf(file);
  if (isAlive(owner)) throw inUse(folder, owner);
}

const inUse = (folder: string, { pid }: Owner): NodeError =>
  new NodeError(
    'NODE_DATABASE_IN_USE',
    `${pid > 0 ? `Process ${pid}` : 'Another process'} already works on ${folder}: stop it first, or choose another base path`,
  );

function ownerOf(file: string): Owner {
  try {
    const { pid, startedAt } = JSON.parse(targetOf(file) ?? '') as Partial<Owner>;
    return { pid: Number(pid), startedAt: String(startedAt) };
  } catch (error) {
    if (error instanceof SyntaxError) return NOBODY;
    throw error;
  }
}

/** Undefined where there is none. Older releases wrote a file. */
function targetOf(file: string): string | undefined {
  for (;;) {
    try {
      return readlinkSync(file);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      if (codeOf(error) !== 'EINVAL') throw error;
    }
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      // Somebody else took the file over between the two: there is a link now, which leads nowhere, or nothing.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const textOf = (owner: Owner): string => JSON.stringify(owner);

function isAlive({ pid, startedAt }: Owner): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's is alive, too, or has the number of one that is no more.
    if (codeOf(error) !== 'EPERM') return false;
  }
  const fields = fieldsOf(pid);
  return fields === undefined || (fields[START] === startedAt && !isOver(fields));
}

const startTime = (pid: number): string | undefined => fieldsOf(pid)?.[START];

/** Places among the fields: of the state, the number of threads, and the start in clock ticks since boot. */
const STATE = 0;
const THREADS = 17;
const START = 19;

/** One that has ended keeps its number until its parent has asked how. When all of its threads are gone, it has nothing open any more. */
const isOver = (fields: readonly string[]): boolean =>
  ['Z', 'X'].includes(fields[STATE] ?? '') && Number(fields[THREADS]) <= 1;

/** Of /proc/<pid>/stat, from the third on: a name may have anything in it. Undefined where there is no such file. */
function fieldsOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
