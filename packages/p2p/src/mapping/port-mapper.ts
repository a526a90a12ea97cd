import type { Router } from './router.ts';

export interface Wish {
  /** The TCP port of this host. */
  readonly port: number;
  /** The port of the public address that is asked for. */
  readonly external: number;
}

export interface Granted {
  readonly external: number;
  readonly seconds: number;
}

/** What a router can be asked for. All throw PeerError PORT_MAPPING when it does not do it, or the signal's reason. */
export interface Asked {
  externalAddress(signal: AbortSignal): Promise<string>;
  /** Maps a port for a time, or for longer if it is mapped already. */
  map(wish: Wish, signal: AbortSignal): Promise<Granted>;
  unmap(wish: Wish, signal: AbortSignal): Promise<void>;
}

/** A protocol in which a router is asked. */
export interface PortMapper {
  readonly name: 'NAT-PMP' | 'UPnP';
  /** Finds out whether the router speaks it. Throws PeerError PORT_MAPPING when it does not. */
  find(router: Router, signal: AbortSignal): Promise<Asked>;
}

/** How long a mapping is asked for: a host that loses its power leaves it behind for no longer, if the router minds the time. */
export const LEASE_S = 3600;
