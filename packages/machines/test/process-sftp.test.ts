import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { machineLayout } from '../src/process/layout.ts';
import { listenSsh } from '../src/process/server/ssh-server.ts';

const run = promisify(execFile);
const openssh = await requirement('sftp', () =>
  Promise.all(['/usr/bin/scp', '/usr/lib/openssh/sftp-server'].map((path) => access(path))),
);

describeWith([openssh], 'the SSH server of a process machine', () => {
  let root: string;
  let scp: (from: string, to: string) => Promise<unknown>;
  let close: () => void;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'hamster-sftp-'));
    const layout = machineLayout(root);
    await mkdir(layout.home);
    const [host, renter] = [generateSshKeyPair('host'), generateSshKeyPair('renter')];
    const keys = async (): Promise<string[]> => [renter.publicKey];
    const { server, port } = await listenSsh({ layout, hostKey: host.privateKey, keys, port: 0 });
    close = () => void server.close();
    const key = join(root, 'key');
    await writeFile(key, renter.privateKey, { mode: 0o600 });
    const known = join(root, 'known_hosts');
    await writeFile(known, `[127.0.0.1]:${port} ${host.publicKey}\n`);
    const options = ['-F', 'none', '-i', key, '-P', String(port), '-o', `UserKnownHostsFile=${known}`];
    scp = (from, to) => run('/usr/bin/scp', ['-B', ...options, from, to], { timeout: 60_000 });
  });
  afterAll(async () => {
    close();
    await rm(root, { recursive: true });
  });

  it('copies files both ways by sftp, as the scp of the system does by itself', async () => {
    await writeFile(join(root, 'up'), 'there and back');
    await scp(join(root, 'up'), 'root@127.0.0.1:there');
    expect(await readFile(join(machineLayout(root).home, 'there'), 'utf8')).toBe('there and back');
    await scp('root@127.0.0.1:there', join(root, 'down'));
    expect(await readFile(join(root, 'down'), 'utf8')).toBe('there and back');
  }, 120_000);
});
