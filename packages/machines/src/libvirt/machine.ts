import { isLibvirtError, LIBVIRT_ERROR } from '@hamster/libvirt';
import type { DomainRef, DomainState, Libvirt } from '@hamster/libvirt';
import type { MachineState } from '../driver.ts';
import { MachineError } from '../errors.ts';
import { diskSizeGib } from './disk.ts';
import { parseMetadata } from './metadata.ts';
import type { MachineMetadata } from './metadata.ts';
import type { MachineNames } from './names.ts';

/** A domain of ours with what its definition remembers. */
export type FoundMachine = { domain: DomainRef; metadata: MachineMetadata };

const KIB_PER_MIB = 1024n;
/** virDomainPausedReason */
const PAUSED_IO_ERROR = 5;

export function findDomain(libvirt: Libvirt, names: MachineNames): Promise<DomainRef | undefined> {
  return libvirt.domains.lookupByName(names.domain).catch(undefinedIfNoDomain);
}

export async function findMachine(libvirt: Libvirt, names: MachineNames): Promise<FoundMachine | undefined> {
  const domain = await findDomain(libvirt, names);
  if (domain === undefined) return undefined;
  const text = await libvirt.domains.xml(domain, { inactive: true }).catch(undefinedIfNoDomain);
  return text === undefined ? undefined : { domain, metadata: parseMetadata(text, names.domain) };
}

/** Between "running" and "off" are guests that are held, by themselves or by the host, or that shut down now. */
export type Power = 'running' | 'held' | 'stopping' | 'off';

export async function powerOf(libvirt: Libvirt, domain: DomainRef): Promise<Power> {
  const info = await libvirt.domains.info(domain).catch(undefinedIfNoDomain);
  return info === undefined ? 'off' : powerOfState(info.state);
}

function powerOfState(state: DomainState): Power {
  if (state === 'running' || state === 'blocked') return 'running';
  if (state === 'paused' || state === 'suspended') return 'held';
  return state === 'shutting-down' ? 'stopping' : 'off';
}

/** Whether QEMU holds the machine because it could not write what the guest wrote: the host's disk is full, or fails. */
export async function lacksRoom(libvirt: Libvirt, domain: DomainRef): Promise<boolean> {
  const found = await libvirt.domains.state(domain).catch(undefinedIfNoDomain);
  return found?.state === 'paused' && found.reason === PAUSED_IO_ERROR;
}

export function diskFull(what: string): MachineError {
  const message = `the disk of this host is full, or fails: ${what} could not write to it and was removed`;
  return new MachineError('InsufficientCapacity', message);
}

/** What the hypervisor says of the machine: nothing here is taken from the order but its names. */
export async function machineState(
  libvirt: Libvirt,
  names: MachineNames,
  { domain, metadata }: FoundMachine,
): Promise<MachineState | undefined> {
  const info = await libvirt.domains.info(domain).catch(undefinedIfNoDomain);
  if (info === undefined) return undefined;
  return {
    leaseId: metadata.order.leaseId,
    image: metadata.now.image.name,
    // One that was not built to its end may run, and nobody gets in.
    running: metadata.phase !== 'building' && powerOfState(info.state) === 'running',
    wanted: metadata.wanted,
    cpuCores: info.vcpus,
    memoryMib: Number(info.maxMemoryKib / KIB_PER_MIB),
    diskGib: (await diskSizeGib(names.disk)) ?? 0,
  };
}

export function byLease(a: MachineState, b: MachineState): number {
  return a.leaseId < b.leaseId ? -1 : 1;
}

/** Pulls the plug; a domain that does not run, or is no more, is left as it is. */
export async function powerOff(libvirt: Libvirt, domain: DomainRef): Promise<void> {
  await libvirt.domains.destroy(domain).catch((error: unknown) => {
    if (isLibvirtError(error, LIBVIRT_ERROR.operationInvalid)) return;
    undefinedIfNoDomain(error);
  });
}

export function undefinedIfNoDomain(error: unknown): undefined {
  if (!isLibvirtError(error, LIBVIRT_ERROR.noDomain)) throw error;
}
