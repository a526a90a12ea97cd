import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, type LocalNetwork } from '../../src/index.ts';

/** Where the process driver keeps the machines that a network's provider made. */
export function machinesFolder(network: LocalNetwork): string {
  const { genesisHash } = network.chain.chain;
  return join(network.options.directory, 'provider/chains', genesisHash.slice(2), 'machines/machines');
}

/** What the host has in that folder: a name for each machine, whole or not. */
export async function disksOf(network: LocalNetwork): Promise<string[]> {
  return (await readdir(machinesFolder(network)).catch(() => [])).sort();
}

/** The lease of each SSH server that runs; one that has two is there twice. */
export async function serversOf(network: LocalNetwork): Promise<string[]> {
  const folder = `${machinesFolder(network)}/`;
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [program = '', main = '', root = ''] = command.split('\0');
    if (program === process.execPath && main.endsWith('server/main.ts') && root.startsWith(folder))
      found.push(root.slice(folder.length));
  }
  return found.sort();
}

/** Resolves when the host has the disks and the running servers of these leases, each once, and no other. */
export async function hostHas(
  network: LocalNetwork,
  leases: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const look = async (): Promise<true | undefined> => {
    const [disks, servers] = await Promise.all([disksOf(network), serversOf(network)]);
    return String(disks) === String(leases) && String(servers) === String(leases) ? true : undefined;
  };
  const what = `the host has these machines and no other: ${leases.join(', ')}`;
  await eventually(network.chain, look, { what, signal });
}
