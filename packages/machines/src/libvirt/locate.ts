import type { DomainRef, Libvirt } from '@hamster/libvirt';
import type { MachineState } from '../driver.ts';
import { exists } from '../host/files.ts';
import { leaseOfName } from '../names.ts';
import { byLease, findDomain, findMachine, machineState } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { machineNames } from './names.ts';
import type { MachineNames } from './names.ts';
import { keysWithTraces, remainsOf } from './traces.ts';
import { isUnclaimed, isWarmKey } from './warm/warm-key.ts';

/** Which machines are meant: those of one chain, whose files are in one directory. */
export type Place = { chain: string; stateDir: string };
export type LocatedMachine = FoundMachine & { names: MachineNames };

/** Every machine of the place, those that nobody has claimed yet included. */
export async function allMachines(libvirt: Libvirt, place: Place): Promise<LocatedMachine[]> {
  return machinesOf(libvirt, place, await libvirt.domains.list(), () => true);
}

/** Leases that have a machine. */
export async function leasesOf(libvirt: Libvirt, place: Place): Promise<string[]> {
  const leased = (await allMachines(libvirt, place)).filter(isLeased);
  return leased.map(({ metadata }) => metadata.order.leaseId);
}

/** The machines of all leases, and what is left of others. */
export async function listMachines(libvirt: Libvirt, place: Place): Promise<MachineState[]> {
  // Looked at first: what is made meanwhile has a domain before it has anything else of libvirt's, and loses it last.
  const traces = await keysWithTraces(libvirt, place);
  const domains = await libvirt.domains.list();
  const all = (await machinesOf(libvirt, place, domains, () => true)).filter(isLeased);
  const states = await Promise.all(all.map((each) => machineState(libvirt, each.names, each)));
  const left = await Promise.all(
    without(domains, traces, place).map(async ([key, names]) =>
      (await isNobodys(key, names)) ? [] : [remainsOf(names, key)],
    ),
  );
  const remains = await Promise.all(left.flat());
  return [...states.filter((state) => state !== undefined), ...remains].sort(byLease);
}

/** Names of what was booted ahead and never claimed, of which there is no domain any more. */
export async function warmRemains(libvirt: Libvirt, place: Place): Promise<MachineNames[]> {
  const traces = await keysWithTraces(libvirt, place);
  const left = without(await libvirt.domains.list(), traces, place);
  const found = await Promise.all(
    left.map(async ([key, names]) => ((await isNobodys(key, names)) ? [names] : [])),
  );
  return found.flat();
}

/** Keys, with their names, of which there is no domain. */
function without(
  domains: readonly DomainRef[],
  keys: readonly string[],
  { chain, stateDir }: Place,
): [key: string, names: MachineNames][] {
  const named = new Set(domains.map(({ name }) => name));
  const all = keys.map((key): [string, MachineNames] => [key, machineNames(chain, key, stateDir)]);
  return all.filter(([, { domain }]) => !named.has(domain));
}

/** Whether it was booted ahead and never given away: there is nothing of a renter's on its disk. */
async function isNobodys(key: string, { claimed }: MachineNames): Promise<boolean> {
  return isWarmKey(key) && !(await exists(claimed));
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

const isLeased = ({ metadata }: LocatedMachine): boolean => !isUnclaimed(metadata.order);

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
