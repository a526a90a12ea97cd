import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MachineError, textOf } from '../errors.ts';

/** Nobody writes one file for as long as this. */
const LEFT_MS = 3_600_000;
const TEMPORARY = /^\.[0-9a-f]{12}\.new$/;

/** Replaces `path` in one step, so that a crash leaves the old or the new content and nothing between. */
export async function writeFileAtomic(path: string, content: string | Buffer, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeFile(temporary, content, { mode, flush: true });
    await rename(temporary, path);
  } catch (error) {
    // As on a full disk, where what was begun would take what room there is.
    await rm(temporary, { force: true });
    throw error;
  }
  await sweep(path).catch(() => undefined);
}

/** Removes what processes left of this file that were killed while they wrote it. */
async function sweep(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const each of await readdir(folder)) {
    if (!each.startsWith(name) || !TEMPORARY.test(each.slice(name.length))) continue;
    const left = join(folder, each);
    const { mtimeMs } = await stat(left).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < Date.now() - LEFT_MS) await rm(left, { force: true });
  }
}

/** The parsed file, or undefined when there is none. Throws `StateCorrupt` when it is not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new MachineError('StateCorrupt', `${path} is not JSON (${textOf(error)}); remove it to start over`);
  }
}

/** Makes the directory and its parents, and closes it to other accounts even when it was there before. */
export async function privateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export function isMissing(error: unknown): boolean {
  return hasErrnoCode(error, 'ENOENT');
}

export function hasErrnoCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
