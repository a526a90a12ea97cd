import type { Connection } from '@libp2p/interface';
import type { CircuitPlace } from './circuits.ts';
import { allows, type RelayService } from './service.ts';
import type { Refusal } from './tally.ts';
import type { Ends } from './traffic.ts';

export type Admission = { readonly place: CircuitPlace } | { readonly refusal: Refusal };

/** A place for one more circuit, or why there is none. */
export async function admit(service: RelayService, ends: Ends): Promise<Admission> {
  const { source, destination } = ends;
  if (!service.reservations.holds(destination, service.now())) return { refusal: 'no-reservation' };
  if (!(await allows(() => service.acl.mayRelay(source, destination)))) return { refusal: 'not-allowed' };
  const refusal = shortageFor(service, source);
  if (refusal) return { refusal };
  const place = service.circuits.take(ends);
  return place ? { place } : { refusal: 'too-many-circuits' };
}

function shortageFor({ allowance, circuits, limits }: RelayService, source: string): Refusal | undefined {
  if (allowance.isUsedUp(source)) return 'bytes-of-the-day';
  return circuits.buffered() >= limits.bufferedBytes ? 'memory' : undefined;
}

/** The connection of who holds a reservation. The newest: an older one may be dead without anybody knowing yet. */
export function holderOf({ libp2p }: RelayService, destination: string): Connection | undefined {
  return libp2p
    .getConnections()
    .findLast(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === destination);
}
