import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { machineLayout } from '../src/process/layout.ts';
import { serveProcessMachine } from './process-server.ts';

const run = promisify(execFile);
const openssh = await requirement('sftp', () =>
  Promise.all(['/usr/bin/scp', '/usr/lib/openssh/sftp-server'].map((path) => access(path))),
);

describeWith([openssh], 'the SSH server of a process machine', () => {
  let root: string;
  let scp: (from: string, to: string) => Promise<unknown>;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const machine = await serveProcessMachine();
    const { host, renter, port } = machine;
    ({ root, close } = machine);
    const key = join(root, 'key');
    await writeFile(key, renter.privateKey, { mode: 0o600 });
    const known = join(root, 'known_hosts');
    await writeFile(known, `[127.0.0.1]:${port} ${host.publicKey}\n`);
    const options = ['-F', 'none', '-i', key, '-P', String(port), '-o', `UserKnownHostsFile=${known}`];
    scp = (from, to) => run('/usr/bin/scp', ['-B', ...options, from, to], { timeout: 60_000 });
  });
  afterAll(() => close());

  it('copies files both ways by sftp, as the scp of the system does by itself', async () => {
    await writeFile(join(root, 'up'), 'there and back');
    await scp(join(root, 'up'), 'root@127.0.0.1:there');
    expect(await readFile(join(machineLayout(root).home, 'there'), 'utf8')).toBe('there and back');
    await scp('root@127.0.0.1:there', join(root, 'down'));
    expect(await readFile(join(root, 'down'), 'utf8')).toBe('there and back');
  }, 120_000);
});
