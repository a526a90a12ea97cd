import { finish } from '../streams/finish.ts';
import { addressOf } from './connection-bounds.ts';
import { encodeReservation } from './messages.ts';
import { allows, refuse, type HopExchange, type RelayService } from './service.ts';

/** A provider wants to be reached through us. */
export async function reserve(service: RelayService, exchange: HopExchange): Promise<void> {
  const { peer, connection, messages, stream, signal } = exchange;
  if (!(await allows(() => service.acl.mayReserve(peer)))) return refuse(service, exchange, 'not-allowed');
  // It may have left while the ACL was asked; nobody would remove the reservation then.
  if (connection.status !== 'open') return;
  const reservation = service.reservations.reserve(peer, addressOf(connection.remoteAddr), service.now());
  if (!reservation) return refuse(service, exchange, 'too-many-reservations');
  const addresses = service.libp2p.getMultiaddrs().map((multiaddr) => multiaddr.bytes);
  messages.write(encodeReservation(reservation.expiresAt, addresses));
  await finish(stream, signal);
}
