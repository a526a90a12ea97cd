import { join } from 'node:path';
import { chainPrefix, machineDigest } from '../names.ts';

/** All names that belong to one machine: the same for the same chain and lease, whoever asks and whenever. */
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
  consoleLog: string;
};

export function machineNames(chain: string, leaseId: string, stateDir: string): MachineNames {
  const name = chainPrefix(chain) + leaseId;
  const id = machineDigest(chain, leaseId);
  return {
    domain: name,
    uuid: uuidOf(id),
    network: name,
    bridge: `hm${id.slice(0, 12)}`,
    // The prefix of QEMU's own addresses.
    mac: `52:54:00:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}`,
    disk: join(stateDir, 'disks', `${name}.qcow2`),
    seed: join(stateDir, 'disks', `${name}.seed.iso`),
    consoleLog: join(stateDir, 'consoles', `${name}.log`),
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
