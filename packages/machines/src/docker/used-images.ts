import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../host/files.ts';
import { readRecord } from './record.ts';

/** Images that containers of any chain were made from, as "name/version". */
export async function imagesOfContainers(stateDir: string): Promise<string[]> {
  const root = join(stateDir, 'containers');
  const chains = await namesIn(root);
  const leases = await Promise.all(
    chains.map(async (chain) => (await namesIn(join(root, chain))).map((lease) => join(root, chain, lease))),
  );
  const records = await Promise.all(leases.flat().map((home) => readRecord(join(home, 'machine.json'))));
  return records.flatMap((record) =>
    record ? [`${record.now.image.name}/${record.now.image.version}`] : [],
  );
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}
