import { randomUUID } from 'node:crypto';
import { access, constants, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sentenceOf } from '@hamster/daemon';
import { bad, ok, type Finding } from './finding.ts';

const OTHERS = 0o077;
const MOST_FILES = 10_000;
/** A session with its grant, and a few more. */
const PROBE_BYTES = 16_384;

/** Whether anybody else on this computer can read keys, grants or votes. */
export async function checkFiles(home: string): Promise<Finding> {
  const paths = await secretPaths(home);
  const open: string[] = [];
  for (const path of paths) if (await isOpen(path)) open.push(path);
  if (open.length > 0) {
    const [first = ''] = open;
    const more = open.length === 1 ? '' : ` and ${open.length - 1} more`;
    return bad(
      'files',
      `Others on this computer can read ${first}${more}.`,
      `Close it to them: chmod -R go-rwx ${home}`,
    );
  }
  return paths.length === 0
    ? ok('files', `Nothing is kept in ${home} yet.`)
    : ok('files', `Nobody else can read what is kept in ${home}.`);
}

/** Whether a file can be written where grants, keys and votes are to be kept; nothing is left of it. */
export async function checkRoom(home: string): Promise<Finding[]> {
  const probe = join(home, `.probe-${randomUUID()}`);
  try {
    if (await isThere(home)) await writeFile(probe, Buffer.alloc(PROBE_BYTES), { flag: 'wx' });
    else await access(await nearest(dirname(home)), constants.W_OK);
    return [];
  } catch (error) {
    const advice = 'Mend that, or keep it elsewhere with --home: a new login cannot be remembered there.';
    return [bad('files', `Nothing can be written in ${home}: ${sentenceOf(error)}.`, advice)];
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

async function nearest(path: string): Promise<string> {
  return (await isThere(path)) || path === dirname(path) ? path : nearest(dirname(path));
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Directory entries that may hold secrets; none when there is no such directory. */
async function secretPaths(home: string): Promise<string[]> {
  const names = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => []);
  return names
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pub'))
    .slice(0, MOST_FILES)
    .map((entry) => join(entry.parentPath, entry.name));
}

async function isOpen(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.mode & OTHERS) !== 0;
}
