import type { RelayLimits } from './relay-options.ts';

export interface Reservation {
  readonly peer: string;
  /** Where the holder came from: an IP address, or the whole multiaddr where there is none. */
  readonly address: string;
  /** ms since 1970. */
  readonly since: number;
  readonly expiresAt: number;
}

/** Who may be reached through us. Time is given by the caller. */
export interface Reservations {
  /** Makes or refreshes; undefined when a bound forbids it. */
  reserve(peer: string, address: string, now: number): Reservation | undefined;
  holds(peer: string, now: number): boolean;
  remove(peer: string): boolean;
  list(): Reservation[];
}

export function reservations(limits: RelayLimits): Reservations {
  const byPeer = new Map<string, Reservation>();

  function dropExpired(now: number): void {
    for (const { peer, expiresAt } of byPeer.values()) if (expiresAt <= now) byPeer.delete(peer);
  }

  function isFull(address: string): boolean {
    if (byPeer.size >= limits.reservations) return true;
    const fromThere = [...byPeer.values()].filter((reservation) => reservation.address === address);
    return fromThere.length >= limits.reservationsPerAddress;
  }

  return {
    reserve(peer, address, now) {
      const known = byPeer.get(peer);
      if (!known) {
        if (isFull(address)) dropExpired(now);
        if (isFull(address)) return undefined;
      }
      const since = known?.since ?? now;
      const reservation = { peer, address, since, expiresAt: now + limits.reservationMs };
      byPeer.set(peer, reservation);
      return reservation;
    },
    holds: (peer, now) => (byPeer.get(peer)?.expiresAt ?? 0) > now,
    remove: (peer) => byPeer.delete(peer),
    list: () => [...byPeer.values()],
  };
}
