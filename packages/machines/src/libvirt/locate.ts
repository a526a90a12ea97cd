import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { leaseOfName } from '../names.ts';
import { findDomain, findMachine } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { machineNames } from './names.ts';
import type { MachineNames } from './names.ts';
import { isWarmKey } from './warm/warm-key.ts';

/** Which machines are meant: those of one chain, whose files are in one directory. */
export type Place = { chain: string; stateDir: string };
export type LocatedMachine = FoundMachine & { names: MachineNames };

/** Every machine of the place, those that nobody has claimed yet included. */
export async function allMachines(libvirt: Libvirt, place: Place): Promise<LocatedMachine[]> {
  return machinesOf(libvirt, place, await libvirt.domains.list(), () => true);
}

/**
 * Names of the lease's machine. One that was booted ahead keeps the name it was made with, since libvirt renames no
 * domain that runs; its metadata tells whose it is.
 */
export async function namesOf(libvirt: Libvirt, place: Place, leaseId: string): Promise<MachineNames> {
  const own = machineNames(place.chain, leaseId, place.stateDir);
  if (await findDomain(libvirt, own)) return own;
  const warm = await machinesOf(libvirt, place, await libvirt.domains.list(), isWarmKey);
  return warm.find(({ metadata }) => metadata.order.leaseId === leaseId)?.names ?? own;
}

async function machinesOf(
  libvirt: Libvirt,
  { chain, stateDir }: Place,
  domains: readonly DomainRef[],
  wanted: (key: string) => boolean,
): Promise<LocatedMachine[]> {
  const keys = domains.flatMap(({ name }) => leaseOfName(chain, name) ?? []).filter(wanted);
  const found = await Promise.all(
    keys.map(async (key) => {
      const names = machineNames(chain, key, stateDir);
      const machine = await findMachine(libvirt, names);
      return machine && { ...machine, names };
    }),
  );
  return found.filter((machine) => machine !== undefined);
}
