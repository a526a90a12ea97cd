import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSshKeyPair } from '@hamster/ssh-keys';
import { machineLayout } from '../src/process/layout.ts';
import { listenSsh } from '../src/process/server/ssh-server.ts';

/** The SSH server of a process machine in a new folder, for one renter. `close` ends it and removes the folder. */
export async function serveProcessMachine() {
  const root = await mkdtemp(join(tmpdir(), 'hamster-process-'));
  const layout = machineLayout(root);
  await mkdir(layout.home);
  const [host, renter] = [generateSshKeyPair('host'), generateSshKeyPair('renter')];
  const keys = async (): Promise<string[]> => [renter.publicKey];
  const { server, port } = await listenSsh({ layout, hostKey: host.privateKey, keys, port: 0 });
  const close = async (): Promise<void> => {
    server.close();
    await rm(root, { recursive: true });
  };
  return { root, layout, host, renter, port, close };
}
