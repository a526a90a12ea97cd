import { createHash } from 'node:crypto';

/** All names of machines begin so. */
export const MACHINE_PREFIX = 'hamster-';

/** Of one part of a name in the DNS (RFC 1035). */
const MAX_LABEL = 63;

/** Names of the machines of one chain begin so. Two chains on one host may both have a lease 7. */
export function chainPrefix(chain: string): string {
  return `${MACHINE_PREFIX}${digest(chain).slice(0, 6)}-`;
}

/** The lease of a machine of this chain, or undefined for anything else. */
export function leaseOfName(chain: string, name: string): string | undefined {
  const prefix = chainPrefix(chain);
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** What a machine calls itself, as `hamster ssh-config` does: at most 63 characters, fit for a host name whatever the lease is called. */
export function hostNameOf(leaseId: string): string {
  const name = MACHINE_PREFIX + leaseId.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
  return name.slice(0, MAX_LABEL).replace(/-+$/, '');
}

/** The same for the same chain and lease, and different for all others. In hex. */
export function machineDigest(chain: string, leaseId: string): string {
  return digest(`${chain}\n${leaseId}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
