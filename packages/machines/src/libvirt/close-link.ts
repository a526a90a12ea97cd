import { readFile } from 'node:fs/promises';
import type { DomainRef } from '@hamster/libvirt';
import { MachineError, textOf } from '../errors.ts';
import type { Site } from './workshop.ts';

/** Bits of all addresses 01:80:c2:00:00:0x but one: the kernel drops pause frames, and does not let them be forwarded. */
const ALL_RESERVED = 0xfffd;
const INTERFACE = /<interface\b[\s\S]*?<\/interface>/g;
const TARGET = /<target dev='([A-Za-z0-9_.-]{1,15})'/;

type Guard = Pick<Site, 'workshop' | 'libvirt' | 'signal'>;

/**
 * Frames to the addresses that IEEE 802.1 reserves, a bridge leaves to the host as if the guest's link were one of its own,
 * ahead of every filter: by one, a guest reaches each UDP port of the host, and becomes its IPv6 router. Once the link's port
 * forwards them they are frames like others, and the filter drops them. The port is made anew with each start, so this
 * is done before the guest may send. Needs the right to change links; throws `HostUnfit` without.
 */
export async function closeLinks({ workshop, libvirt, signal }: Guard, domain: DomainRef): Promise<void> {
  if (!workshop.filtered) return;
  for (const tap of tapsOf(await libvirt.domains.xml(domain))) {
    if (await isClosed(tap)) continue;
    const mask = ['group_fwd_mask', `${ALL_RESERVED}`];
    const problem = await workshop.modules
      .run('ip', ['link', 'set', 'dev', tap, 'type', 'bridge_slave', ...mask], { signal })
      .then(() => undefined, textOf);
    signal.throwIfAborted();
    if (await isClosed(tap)) continue;
    const message = `the link ${tap} of ${domain.name} cannot be closed to reserved addresses (${problem ?? 'nothing came of it'}): give this process the capability CAP_NET_ADMIN, or run it as root`;
    throw new MachineError('HostUnfit', message);
  }
}

/** Names that the host's ends of a running domain's links have. */
export function tapsOf(domainXml: string): string[] {
  return [...domainXml.matchAll(INTERFACE)].flatMap(([text]) => TARGET.exec(text)?.[1] ?? []);
}

async function isClosed(tap: string): Promise<boolean> {
  const mask = await readFile(`/sys/class/net/${tap}/brport/group_fwd_mask`, 'latin1').catch(() => '0');
  return (Number(mask.trim()) & ALL_RESERVED) === ALL_RESERVED;
}
