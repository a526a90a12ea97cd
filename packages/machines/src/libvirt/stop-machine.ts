import type { DomainRef } from '@hamster/libvirt';
import { deadlineSignal, pollUntil } from '../host/poll.ts';
import { powerOf, powerOff } from './machine.ts';
import type { Site } from './workshop.ts';

const CHECK_INTERVAL_MS = 200;

/** Presses the power button and waits; pulls the plug when the guest takes longer than it may. */
export async function stopMachine({ libvirt, workshop, signal }: Site, domain: DomainRef): Promise<void> {
  const power = await powerOf(libvirt, domain);
  if (power === 'off') return;
  if (power === 'held') return powerOff(libvirt, domain);
  if (power === 'running') await libvirt.domains.shutdown(domain);
  const isOff = async (): Promise<true | undefined> =>
    (await powerOf(libvirt, domain)) === 'off' || undefined;
  const options = { signal: deadlineSignal(workshop.graceMs, signal), intervalMs: CHECK_INTERVAL_MS };
  await pollUntil(isOff, options).catch((error: unknown) => {
    if (signal.aborted || !options.signal.aborted) throw error;
    return powerOff(libvirt, domain);
  });
}
