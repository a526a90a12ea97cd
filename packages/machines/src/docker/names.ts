import { join } from 'node:path';
import { chainPrefix, machineDigest } from '../names.ts';

/** All that belongs to one machine: the same for the same chain and lease, whoever asks and whenever. */
export type ContainerNames = {
  container: string;
  network: string;
  /** At most 15 characters, as the kernel demands, and as the firewall's rules expect. */
  bridge: string;
  /** The driver's folder for this machine, and the files in it. */
  home: string;
  record: string;
  /** A file system in a file, and where it is mounted. */
  disk: string;
  data: string;
  /** What the machine reads of the driver's. */
  control: string;
  keys: string;
  machineId: string;
  /** The SSH host key, which outlives the disk, and copies of it for the machine, in the format of either server. */
  hostKey: string;
  hostKeyFiles: { openssh: string; dropbear: string };
};

/** The firewall takes every bridge that begins so for a container's. Those of virtual machines go on in hex, so no "x". */
export const BRIDGE_PREFIX = 'hmx';
export const LABEL = { chain: 'hamster.chain', lease: 'hamster.lease' } as const;

export function containerNames(chain: string, leaseId: string, stateDir: string): ContainerNames {
  const name = chainPrefix(chain) + leaseId;
  const home = join(machinesDir(chain, stateDir), leaseId);
  return {
    container: name,
    network: name,
    bridge: BRIDGE_PREFIX + machineDigest(chain, leaseId).slice(0, 12),
    home,
    record: join(home, 'machine.json'),
    disk: join(home, 'disk.ext4'),
    data: join(home, 'data'),
    control: join(home, 'control'),
    keys: join(home, 'control', 'authorized_keys'),
    machineId: join(home, 'control', 'machine-id'),
    hostKey: join(home, 'host-key'),
    hostKeyFiles: {
      openssh: join(home, 'control', 'ssh_host_ed25519_key'),
      dropbear: join(home, 'control', 'dropbear_ed25519_host_key'),
    },
  };
}

export function machinesDir(chain: string, stateDir: string): string {
  return join(stateDir, 'containers', chainPrefix(chain).slice(0, -1));
}
