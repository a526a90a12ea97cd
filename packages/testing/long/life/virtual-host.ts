import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLibvirt, type Libvirt } from '@hamster/libvirt';
import { eventually, type LocalNetwork } from '../../src/index.ts';

const STATE_DIR = '/var/lib/libvirt/images/hamster';
const FOLDERS = ['disks', 'consoles', 'host-keys'];

/** What a network's provider has on this host's hypervisor: names without what stands for the chain. */
export interface VirtualHost {
  readonly domains: readonly string[];
  /** As many as domains, or something is left over. */
  readonly networks: readonly string[];
  /** In all the folders, with what is behind the machine's name. */
  readonly files: readonly string[];
}

export async function virtualHost(network: LocalNetwork): Promise<VirtualHost> {
  return withLibvirt(async (libvirt) => {
    const [domains, networks, ...files] = await Promise.all([
      libvirt.domains.list(),
      libvirt.networks.list(),
      ...FOLDERS.map((folder) => readdir(join(STATE_DIR, folder)).catch(() => [])),
    ]);
    const own = (names: readonly string[]): string[] => {
      const prefix = prefixOf(network);
      return names.flatMap((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : [])).sort();
    };
    const named = (found: readonly { readonly name: string }[]) => own(found.map(({ name }) => name));
    return { domains: named(domains), networks: named(networks), files: own(files.flat()) };
  });
}

/** Whether a machine waits for its first order. */
export async function isHeldReady(network: LocalNetwork): Promise<boolean> {
  return withLibvirt(async (libvirt) => {
    for (const domain of await libvirt.domains.list()) {
      if (!domain.name.startsWith(`${prefixOf(network)}warm.`)) continue;
      const xml = await libvirt.domains.xml(domain, { inactive: true });
      const [, metadata = ''] = /<hamster:machine[^>]*>\s*([\w-]+)/.exec(xml) ?? [];
      const isReady = Buffer.from(metadata, 'base64url').includes('"phase":"ready"');
      if (isReady && (await libvirt.domains.info(domain)).state === 'paused') return true;
    }
    return false;
  });
}

function prefixOf(network: LocalNetwork): string {
  const digest = createHash('sha256').update(network.chain.chain.genesisHash).digest('hex');
  return `hamster-${digest.slice(0, 6)}-`;
}

async function withLibvirt<T>(look: (libvirt: Libvirt) => Promise<T>): Promise<T> {
  const libvirt = await connectLibvirt();
  try {
    return await look(libvirt);
  } finally {
    await libvirt.close();
  }
}

/** Resolves when the host has a machine for each of these, once, with its network and disk, and nothing else of the chain. */
export async function virtualHostHas(
  network: LocalNetwork,
  machines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const look = async (): Promise<true | undefined> => {
    const { domains, networks, files } = await virtualHost(network);
    const isWhole = [domains, networks].every((names) => String(names) === String(machines));
    const disks = files.filter((name) => name.endsWith('.qcow2')).map((name) => name.replace('.qcow2', ''));
    const isAlone = files.every((name) => machines.some((machine) => name.startsWith(machine)));
    return isWhole && isAlone && String(disks) === String(machines) ? true : undefined;
  };
  const what = `the hypervisor has these machines and nothing else: ${machines.join(', ')}`;
  await eventually(network.chain, look, { what, signal });
}
