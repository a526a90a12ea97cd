import type { Connection } from '@libp2p/interface';
import { encodeReservation } from './messages.ts';
import { allows, refuse, type HopExchange, type RelayService } from './service.ts';

/** A provider wants to be reached through us. */
export async function reserve(service: RelayService, exchange: HopExchange): Promise<void> {
  const { peer, connection, messages, stream, signal } = exchange;
  if (!(await allows(() => service.acl.mayReserve(peer)))) return refuse(exchange, 'PERMISSION_DENIED');
  // It may have left while the ACL was asked; nobody would remove the reservation then.
  if (connection.status !== 'open') return;
  const reservation = service.reservations.reserve(peer, addressOf(connection), service.now());
  if (!reservation) return refuse(exchange, 'RESERVATION_REFUSED');
  const addresses = service.libp2p.getMultiaddrs().map((multiaddr) => multiaddr.bytes);
  messages.write(encodeReservation(reservation.expiresAt, addresses));
  await stream.close({ signal });
}

function addressOf({ remoteAddr }: Connection): string {
  const ip = remoteAddr.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6');
  return ip?.value ?? remoteAddr.toString();
}
