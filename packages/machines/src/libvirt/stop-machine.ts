import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { pollUntil } from '../host/poll.ts';
import { powerOf, powerOff } from './machine.ts';

const CHECK_INTERVAL_MS = 200;

/** Presses the power button and waits; pulls the plug when the guest takes longer than `graceMs`. */
export async function stopMachine(libvirt: Libvirt, domain: DomainRef, graceMs: number): Promise<void> {
  const power = await powerOf(libvirt, domain);
  if (power === 'off') return;
  if (power === 'held') return powerOff(libvirt, domain);
  if (power === 'running') await libvirt.domains.shutdown(domain);
  const isOff = async (): Promise<true | undefined> =>
    (await powerOf(libvirt, domain)) === 'off' || undefined;
  const options = { signal: AbortSignal.timeout(graceMs), intervalMs: CHECK_INTERVAL_MS };
  await pollUntil(isOff, options).catch(() => powerOff(libvirt, domain));
}
