import { writeFile } from 'node:fs/promises';
import { isLibvirtError, LIBVIRT_ERROR } from '@hamster/libvirt';
import type { MachineOrder } from '../../driver.ts';
import { textOf } from '../../errors.ts';
import { deadlineSignal } from '../../host/poll.ts';
import { diskSizeGib } from '../disk.ts';
import { guardMachine } from '../guard.ts';
import { findMachine } from '../machine.ts';
import { metadataUpdate } from '../metadata.ts';
import type { MachineMetadata } from '../metadata.ts';
import { defineMachine } from '../workshop.ts';
import type { Site } from '../workshop.ts';
import { giveIdentity } from './identity.ts';
import type { Member } from './match.ts';

/** Longer than a guest ever takes to be told whose it is; after that the machine is built anew. */
const IDENTITY_LIMIT_MS = 20_000;
const DISK = 'vda';
const GIB = 1024n ** 3n;

/**
 * Makes the member the order's. libvirt lets a machine that it holds go on once, so whoever did that has it; one that
 * goes on without an order is never given away again.
 */
export async function take(site: Site, member: Member, order: MachineOrder): Promise<boolean> {
  const { libvirt } = site;
  try {
    // It sent nothing while it was held, so nobody looked after its filter.
    await guardMachine(site);
    await writeFile(site.names.claimed, '', { mode: 0o600 });
    await libvirt.domains.resume(member.domain);
  } catch (error) {
    if (isLibvirtError(error, LIBVIRT_ERROR.operationInvalid)) return false;
    if (isLibvirtError(error, LIBVIRT_ERROR.noDomain)) return false;
    throw error;
  }
  const { spec, sshPublicKeys } = order;
  const { metadata } = member;
  const claimed: MachineMetadata = {
    ...metadata,
    order,
    now: { ...metadata.now, spec, sshPublicKeys },
    phase: 'claiming',
  };
  await defineMachine(site, claimed);
  return true;
}

/** Gives the machine its disk and its identity. What goes wrong in the guest leaves it "claiming". */
export async function becomeTenants(site: Site): Promise<void> {
  const { libvirt, names, signal } = site;
  const found = await findMachine(libvirt, names);
  if (found === undefined) return;
  const { domain, metadata } = found;
  const limit = deadlineSignal(IDENTITY_LIMIT_MS, signal);
  try {
    const { diskGib } = metadata.now.spec;
    const grows = (await diskSizeGib(names.disk)) !== diskGib;
    if (grows) await libvirt.domains.blockResize(domain, DISK, BigInt(diskGib) * GIB);
    await giveIdentity(site, { ...found, names }, { grows, signal: limit });
    await libvirt.domains.setMetadata(domain, metadataUpdate({ ...metadata, phase: 'ready' }));
  } catch (error) {
    signal.throwIfAborted();
    // Built anew, in the time that it would have taken without a pool.
    const why = limit.aborted ? `it took longer than ${IDENTITY_LIMIT_MS} ms` : textOf(error);
    site.workshop.warn(
      metadata.order.leaseId,
      `the machine that was booted ahead did not become its tenant's (${why}) and is built anew`,
    );
  }
}
