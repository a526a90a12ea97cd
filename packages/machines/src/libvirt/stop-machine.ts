import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { pollUntil } from '../host/poll.ts';
import { isRunning, powerOff } from './machine.ts';

const CHECK_INTERVAL_MS = 200;

/** Presses the power button and waits; pulls the plug when the guest takes longer than `graceMs`. */
export async function stopMachine(libvirt: Libvirt, domain: DomainRef, graceMs: number): Promise<void> {
  if (!(await isRunning(libvirt, domain))) return;
  await libvirt.domains.shutdown(domain);
  const stopped = async (): Promise<true | undefined> =>
    (await isRunning(libvirt, domain)) ? undefined : true;
  const options = { signal: AbortSignal.timeout(graceMs), intervalMs: CHECK_INTERVAL_MS };
  await pollUntil(stopped, options).catch(() => powerOff(libvirt, domain));
}
