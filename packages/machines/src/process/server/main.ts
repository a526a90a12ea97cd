import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../host/files.ts';
import { processInfo } from '../../host/process-table.ts';
import { machineLayout } from '../layout.ts';
import { readRecord, readStatus } from '../record.ts';
import type { ServerStatus } from '../record.ts';
import { ALREADY_SERVED, bootId } from '../server-process.ts';
import { takeLock } from './lock.ts';
import { listenSsh } from './ssh-server.ts';

const UNUSABLE = 2;

/** The process behind one machine of the process driver: `main.ts <machine directory>`. */
async function main(root: string): Promise<void> {
  const layout = machineLayout(root);
  if (!(await takeLock(layout.mark))) process.exit(ALREADY_SERVED);
  const record = await readRecord(layout);
  const self = await processInfo(process.pid);
  if (record === undefined || self === undefined) process.exit(UNUSABLE);
  const { port } = await listenSsh({
    layout,
    hostKey: await readFile(layout.hostKey, 'utf8'),
    // Read for each login, so that changed keys count at once.
    keys: async () => (await readRecord(layout))?.now.sshPublicKeys ?? [],
    // The port of the last run, so that a restart breaks no one's address when it can be helped.
    port: (await readStatus(layout))?.port ?? 0,
  });
  const { pid, startTicks } = self;
  const status: ServerStatus = { pid, startTicks, bootId: await bootId(), port };
  await writeFileAtomic(layout.status, JSON.stringify(status));
}

await main(process.argv[2] ?? '');
