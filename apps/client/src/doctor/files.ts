import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bad, ok, type Finding } from './finding.ts';

const OTHERS = 0o077;
const MOST_FILES = 10_000;

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
