import { rm } from 'node:fs/promises';
import type { KeysEffect, MachineSpec } from '../driver.ts';
import { machineStopped } from '../errors.ts';
import { pickCpus } from '../host/pick-cpus.ts';
import type { ContainerImage } from '../images/entry.ts';
import { checkKeys } from '../order.ts';
import { resources } from './container-config.ts';
import { ifThere, unlessDone } from './engine.ts';
import { releaseImage } from './images.ts';
import { removeNetwork } from './network.ts';
import type { ContainerRecord } from './record.ts';
import { readRecord, writeRecord } from './record.ts';
import type { Site } from './site.ts';
import { bringUp, containerOf, inspectContainer, removeContainer, writeKeys } from './site.ts';
import { diskSizeGib } from './volume.ts';

const SECOND_MS = 1000;

/** What its renter wants is recorded before it is done, so that a crash in between changes nothing of it. */
export async function stop(site: Site, record: ContainerRecord): Promise<void> {
  await writeRecord(site.names.record, { ...record, wanted: 'stopped' });
  await halt(site, site.workshop.graceMs);
}

export async function start(site: Site, record: ContainerRecord): Promise<void> {
  const wanted: ContainerRecord = { ...record, wanted: 'running' };
  await writeRecord(site.names.record, wanted);
  await bringUp(site, wanted);
}

export async function restart(site: Site, record: ContainerRecord, graceMs: number): Promise<void> {
  if (record.wanted === 'stopped') throw machineStopped(site.leaseId);
  await halt(site, graceMs);
  await bringUp(site, record);
}

export async function reinstall(site: Site, record: ContainerRecord, image: ContainerImage): Promise<void> {
  const now = { ...record.now, image };
  await start(site, { ...record, now, phase: 'building' });
  await releaseImage(site.api, site.workshop.modules.catalogue, record.now.image);
}

/** CPUs and memory change at once; for a larger disk the machine is restarted. */
export async function resize(site: Site, record: ContainerRecord, spec: MachineSpec): Promise<void> {
  const { names, volumes, signal, leaseId, workshop } = site;
  const next = { ...record, now: { ...record.now, spec } };
  await writeRecord(names.record, next);
  if (await inspectContainer(site)) {
    await containerOf(site).update(resources(spec, await pickCpus(leaseId, spec.cpuCores)));
  }
  if (record.phase === 'building' || (await diskSizeGib(names.disk)) >= spec.diskGib) return;
  await halt(site, workshop.graceMs);
  await volumes.grow(names, spec.diskGib, signal);
  if (record.wanted === 'running') await bringUp(site, next);
}

export async function setKeys(
  site: Site,
  record: ContainerRecord,
  sshPublicKeys: readonly string[],
): Promise<KeysEffect> {
  checkKeys(sshPublicKeys);
  await writeRecord(site.names.record, { ...record, now: { ...record.now, sshPublicKeys } });
  await writeKeys(site, sshPublicKeys);
  return 'now';
}

/** The record goes last, because it is what the rest is found by. */
export async function destroy(site: Site): Promise<void> {
  const { api, names, volumes, signal, workshop } = site;
  const record = await readRecord(names.record);
  await removeContainer(site);
  await removeNetwork(api, names);
  await volumes.remove(names, signal);
  if (record) await releaseImage(api, workshop.modules.catalogue, record.now.image);
  await rm(names.home, { recursive: true, force: true });
}

async function halt(site: Site, graceMs: number): Promise<void> {
  const seconds = Math.ceil(graceMs / SECOND_MS);
  await ifThere(unlessDone(containerOf(site).stop({ t: seconds })));
}
