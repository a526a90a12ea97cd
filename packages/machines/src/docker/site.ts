import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { exists, writeFileAtomic } from '../host/files.ts';
import { pickCpus } from '../host/pick-cpus.ts';
import { ensureHostIdentity } from '../ssh/host-identity.ts';
import { containerConfig } from './container-config.ts';
import { ifThere } from './engine.ts';
import { ensureFirewall } from './firewall.ts';
import { ensureImage, imageTag } from './images.ts';
import type { ContainerNames } from './names.ts';
import { ensureNetwork } from './network.ts';
import { limitRates } from './rates.ts';
import type { ContainerLimits, DockerDriverModules } from './options.ts';
import type { ContainerRecord } from './record.ts';
import { writeRecord } from './record.ts';
import { handOver } from './volume.ts';
import type { Owner, Volumes } from './volume.ts';

const PUBLIC_MODE = 0o644;

/** What making containers needs of the driver. */
export type Workshop = {
  chain: string;
  modules: DockerDriverModules;
  limits: ContainerLimits;
  pools: readonly string[];
  dnsServers: readonly string[];
  graceMs: number;
  /** Who of the host is root in a container: somebody else where the daemon has user namespaces. */
  owner(): Promise<Owner>;
  runtime(image: string): Promise<string>;
};

/** One machine under work, and until when. */
export type Site = {
  workshop: Workshop;
  api: Docker;
  leaseId: string;
  names: ContainerNames;
  volumes: Volumes;
  signal: AbortSignal;
};

export function containerOf({ api, names }: Site): Docker.Container {
  return api.getContainer(names.container);
}

/** What Docker says of the container, or undefined when there is none. */
export function inspectContainer(site: Site): Promise<Docker.ContainerInspectInfo | undefined> {
  return ifThere(containerOf(site).inspect());
}

/** Makes the machine run, whatever an interruption or a hand on the host left of it. */
export async function bringUp(site: Site, record: ContainerRecord): Promise<ContainerRecord> {
  const { names, volumes, signal, workshop } = site;
  const { modules } = workshop;
  await ensureFirewall(modules.run, signal);
  await ensureImage(site.api, modules.catalogue, record.now.image, signal);
  const ready = record.phase === 'building' ? await buildDisk(site, record) : record;
  await volumes.mount(names, signal);
  await writeKeys(site, ready.now.sshPublicKeys);
  await writeIdentity(site);
  const { leaseId } = site;
  await ensureNetwork(site.api, { chain: workshop.chain, leaseId, names, pools: workshop.pools });
  if ((await inspectContainer(site)) === undefined) await makeContainer(site, ready);
  const state = await containerOf(site).inspect();
  if (state.State.Paused) await containerOf(site).unpause();
  else if (!state.State.Running) {
    await containerOf(site).start();
    await limitRatesOf(site);
  }
  return ready;
}

async function limitRatesOf(site: Site): Promise<void> {
  const { names, workshop, signal } = site;
  const { Pid: pid } = (await containerOf(site).inspect()).State;
  const { bridge, data } = names;
  if (pid > 0) await limitRates(workshop.modules.run, { pid, bridge, data, limits: workshop.limits }, signal);
}

/** The keys that may log in, where the machine reads them at each login. */
export async function writeKeys({ names, workshop }: Site, keys: readonly string[]): Promise<void> {
  await writeFileAtomic(names.keys, keys.map((key) => `${key}\n`).join(''), PUBLIC_MODE);
  await handOver(names.keys, await workshop.owner());
}

/** The host key is for root in the machine alone; the machine's id is as long as the machine has its disk. */
async function writeIdentity({ names, workshop }: Site): Promise<void> {
  const { openssh, dropbear } = await ensureHostIdentity(names.hostKey);
  const owner = await workshop.owner();
  for (const [path, content] of [
    [names.hostKeyFiles.openssh, openssh],
    [names.hostKeyFiles.dropbear, dropbear],
  ] as const) {
    await writeFileAtomic(path, content);
    await handOver(path, owner);
  }
  if (!(await exists(names.machineId)))
    await writeFileAtomic(names.machineId, `${randomBytes(16).toString('hex')}\n`, PUBLIC_MODE);
}

/** Removes the container; its disk stays. */
export async function removeContainer(site: Site): Promise<void> {
  await ifThere(containerOf(site).remove({ force: true, v: true }));
}

// A container of before has the old disk mounted and the old image as its root.
async function buildDisk(site: Site, record: ContainerRecord): Promise<ContainerRecord> {
  const { names, volumes, signal, workshop } = site;
  await removeContainer(site);
  await volumes.make(names, record.now.spec.diskGib, await workshop.owner(), signal);
  const ready: ContainerRecord = { ...record, phase: 'ready' };
  await writeRecord(names.record, ready);
  return ready;
}

async function makeContainer(
  { api, workshop, names, leaseId }: Site,
  record: ContainerRecord,
): Promise<void> {
  const { chain, limits, dnsServers } = workshop;
  const { spec, image } = record.now;
  await api.createContainer(
    containerConfig({
      chain,
      names,
      record,
      limits,
      dnsServers,
      runtime: await workshop.runtime(imageTag(image)),
      cpus: await pickCpus(leaseId, spec.cpuCores),
    }),
  );
}
