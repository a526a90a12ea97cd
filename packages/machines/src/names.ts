import { createHash } from 'node:crypto';

/** All names of machines begin so. */
export const MACHINE_PREFIX = 'hamster-';

/** Names of the machines of one chain begin so. Two chains on one host may both have a lease 7. */
export function chainPrefix(chain: string): string {
  return `${MACHINE_PREFIX}${digest(chain).slice(0, 6)}-`;
}

/** The lease of a machine of this chain, or undefined for anything else. */
export function leaseOfName(chain: string, name: string): string | undefined {
  const prefix = chainPrefix(chain);
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/**
 * What a machine calls itself: as renters call it, "hamster-7". At most 63 letters, digits and "-", as host names are
 * (RFC 1123); lease ids are that already, but for capitals and a "-" at the end.
 */
export function hostNameOf(leaseId: string): string {
  return MACHINE_PREFIX + leaseId.toLowerCase().replace(/-+$/, '');
}

/** The same for the same chain and lease, and different for all others. In hex. */
export function machineDigest(chain: string, leaseId: string): string {
  return digest(`${chain}\n${leaseId}`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
