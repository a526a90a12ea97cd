import { setTimeout as sleep } from 'node:timers/promises';
import { LibvirtError } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { removeLeftBindings } from './left-bindings.ts';

/** Half a minute in all, with what an attempt takes: other programs change rules for as long, when they start many containers. */
const MAX_ATTEMPTS = 24;
const PAUSE_MS = 250;
const MAX_PAUSES = 4;
/** The interface that libvirt names in its messages. */
const LINK = /(?:filter rules to|binding) '([^']*)'/;

/**
 * Does what has libvirt change the firewall, again where that failed: ebtables and iptables on nftables take half-read rules for ones
 * that they do not know ("is incompatible, use 'nft' tool") when another program, Docker for instance, changes some at the same
 * moment, and a filter is more than a hundred runs of them. libvirt takes back what there is of the filter then, and the machine is
 * not connected, or does not start: nothing of it is open meanwhile. What stands in the way for longer than that, because a
 * libvirt that was killed left it, is taken away before it is tried again.
 */
export async function besideOtherFirewalls<T>(
  libvirt: Libvirt,
  action: () => Promise<T>,
  signal?: AbortSignal,
  pauseMs = PAUSE_MS,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!isFirewallError(error) || attempt === MAX_ATTEMPTS) throw error;
      // Where that fails, too, the next attempt says what is in the way.
      await removeLeftBindings(libvirt, LINK.exec(error.message)?.[1]).catch(() => undefined);
      await sleep(Math.min(attempt, MAX_PAUSES) * pauseMs, undefined, { signal });
    }
  }
}

const isFirewallError = (error: unknown): error is LibvirtError =>
  error instanceof LibvirtError &&
  /firewall rules|filter rules|binding '[^']*' already exists/.test(error.message);
