import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/host/run-command.ts';

const LIMIT_MS = 120_000;

/** Path of Debian's own gVisor, unpacked into `folder` and not installed. */
export async function debianRunsc(folder: string): Promise<string> {
  const run = (file: string, args: string[]): Promise<string> =>
    runCommand(file, args, { cwd: folder, timeoutMs: LIMIT_MS });
  // Without the sandbox account, which could not write here.
  await run('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', 'runsc']);
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb')) ?? '';
  await run('dpkg-deb', ['-x', deb, 'root']);
  return join(folder, 'root/usr/bin/runsc');
}
