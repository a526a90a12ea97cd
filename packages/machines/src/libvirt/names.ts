import { join } from 'node:path';
import { chainPrefix, machineDigest } from '../names.ts';
import { consoleLogPath } from './console-log.ts';

/**
 * All names that belong to one machine: the same for the same chain and key, whoever asks and whenever. The key is the
 * lease, or what stands for it where the machine was booted ahead of any.
 */
export type MachineNames = {
  domain: string;
  uuid: string;
  network: string;
  /** At most 15 characters, as the kernel demands. */
  bridge: string;
  mac: string;
  disk: string;
  /** What cloud-init reads, for images that have it. */
  seed: string;
  /** The SSH host key, out of the hypervisor's reach; it outlives the disk. */
  hostKey: string;
  /** Copies of it for the hypervisor to hand in, in the format of either server. */
  hostKeyFiles: { openssh: string; dropbear: string };
  consoleLog: string;
  /** There from the moment at which a machine that was booted ahead is given away: its disk is somebody's. */
  claimed: string;
};

export function machineNames(chain: string, key: string, stateDir: string): MachineNames {
  const name = chainPrefix(chain) + key;
  const id = machineDigest(chain, key);
  const disk = join(stateDir, 'disks', name);
  return {
    domain: name,
    uuid: uuidOf(id),
    network: name,
    bridge: `hm${id.slice(0, 12)}`,
    // The prefix of QEMU's own addresses.
    mac: `52:54:00:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}`,
    disk: `${disk}.qcow2`,
    seed: `${disk}.seed.iso`,
    hostKey: join(stateDir, 'host-keys', name),
    hostKeyFiles: { openssh: `${disk}.host-key`, dropbear: `${disk}.host-key-dropbear` },
    consoleLog: consoleLogPath(stateDir, name),
    claimed: `${disk}.claimed`,
  };
}

/** A UUID of version 8, "made of whatever the maker likes" (RFC 9562). */
export function uuidOf(hex: string): string {
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4] ?? '8';
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
