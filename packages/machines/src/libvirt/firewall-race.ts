import { setTimeout as sleep } from 'node:timers/promises';
import { LibvirtError } from '@hamster/libvirt';

const MAX_ATTEMPTS = 6;
const PAUSE_MS = 250;

/**
 * Does what has libvirt set up a filter, again where it failed over the firewall: ebtables on nftables gives up when another program,
 * Docker for instance, changes rules at the same moment. libvirt takes back what there is of the filter then, and the machine is not
 * connected, or does not start: nothing of it is open meanwhile.
 */
export async function besideOtherFirewalls<T>(
  action: () => Promise<T>,
  signal?: AbortSignal,
  pauseMs = PAUSE_MS,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!isFirewallError(error) || attempt === MAX_ATTEMPTS) throw error;
      await sleep(attempt * pauseMs, undefined, { signal });
    }
  }
}

const isFirewallError = (error: unknown): boolean =>
  error instanceof LibvirtError && /firewall rules|filter rules/.test(error.message);
