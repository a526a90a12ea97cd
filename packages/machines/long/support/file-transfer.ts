import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '../../src/index.ts';
import { runCommand } from '../../src/host/run-command.ts';

/** Programs of the host; what they need on the other side is part of the images. */
type Way = 'scp' | 'scp -O' | 'sftp' | 'rsync';

export type Transfer = { endpoint: Endpoint; privateKey: string; hostKey: string };

/** Copies a file there and back, and resolves with what came back. */
export async function roundTrip(way: Way, to: Transfer, content: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(os.tmpdir(), 'hamster-copy-'));
  const path = (name: string): string => join(folder, name);
  try {
    await writeFile(path('key'), to.privateKey, { mode: 0o600 });
    await writeFile(path('known'), `${to.endpoint.host} ${to.hostKey}\n`);
    await writeFile(path('there'), content);
    const remote = `${to.endpoint.user}@${to.endpoint.host}`;
    const options = ['-F', 'none', '-i', path('key'), '-o', `UserKnownHostsFile=${path('known')}`];
    options.push('-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes', '-q');
    if (way === 'sftp') {
      await writeFile(path('batch'), `put ${path('there')} copy\nget copy ${path('back')}\nrm copy\n`);
      await runCommand('sftp', [...options, '-b', path('batch'), remote]);
    } else if (way === 'rsync') {
      const shell = ['-e', ['ssh', ...options].join(' ')];
      await runCommand('rsync', [...shell, path('there'), `${remote}:copy`]);
      await runCommand('rsync', [...shell, `${remote}:copy`, path('back')]);
    } else {
      const mode = way === 'scp' ? [] : ['-O'];
      await runCommand('scp', [...options, ...mode, path('there'), `${remote}:copy`]);
      await runCommand('scp', [...options, ...mode, `${remote}:copy`, path('back')]);
    }
    return await readFile(path('back'));
  } finally {
    await rm(folder, { recursive: true });
  }
}
