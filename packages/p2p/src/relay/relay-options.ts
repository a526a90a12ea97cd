/** Who may use a gateway. Peers are base58 texts. A rejection counts as "no". */
export interface RelayAcl {
  /** May this peer be reached through us? */
  mayReserve(peer: string): boolean | Promise<boolean>;
  /** May the source be connected to a destination that holds a reservation? */
  mayRelay(source: string, destination: string): boolean | Promise<boolean>;
}

/** Bounds of a relay. A circuit is one relayed connection; it may carry many streams. */
export interface RelayLimits {
  /** Connections to the gateway itself, whatever they are for. */
  readonly connections: number;
  readonly connectionsPerPeer: number;
  /** Connections from one IP address other than loopback. */
  readonly connectionsPerAddress: number;
  readonly reservations: number;
  /** Reservations held from one IP address. */
  readonly reservationsPerAddress: number;
  /** How long a reservation lasts unless it is refreshed, in ms. It ends anyway when its holder disconnects. */
  readonly reservationMs: number;
  readonly circuits: number;
  readonly circuitsPerSource: number;
  readonly circuitsPerDestination: number;
  /** Bytes of both directions after which a circuit is cut; Infinity for none. */
  readonly circuitBytes: number;
  /** Bytes relayed in a day (UTC) in all, after which all circuits are cut; Infinity for none. */
  readonly bytesPerDay: number;
  /** The same for the circuits of one source. */
  readonly sourceBytesPerDay: number;
  /** Bytes a second in all, shared fairly among the sources; Infinity for none. */
  readonly bytesPerSecond: number;
  /** Bytes a second of both directions for all circuits of one source; Infinity for none. */
  readonly sourceBytesPerSecond: number;
  /** Bytes that may wait in memory for slow readers, in all; beyond, the circuits that hold most are cut. */
  readonly bufferedBytes: number;
  /** Age at which a circuit is cut, in ms; Infinity for none. */
  readonly circuitMs: number;
  /** Within which a request must be complete, in ms. */
  readonly handshakeMs: number;
}

export const RELAY_LIMITS: RelayLimits = {
  connections: 5000,
  connectionsPerPeer: 256,
  // A whole office may be behind one address.
  connectionsPerAddress: 1024,
  reservations: 2000,
  reservationsPerAddress: 128,
  reservationMs: 24 * 60 * 60 * 1000,
  circuits: 4000,
  // Each of a renter's programs (an ssh, an scp, Ansible's forks) has a connection of its own.
  circuitsPerSource: 128,
  circuitsPerDestination: 512,
  circuitBytes: Infinity,
  bytesPerDay: Infinity,
  sourceBytesPerDay: Infinity,
  bytesPerSecond: Infinity,
  sourceBytesPerSecond: Infinity,
  bufferedBytes: 256 * 2 ** 20,
  circuitMs: Infinity,
  handshakeMs: 15_000,
};

export interface RelayOptions {
  readonly acl: RelayAcl;
  readonly limits?: Partial<RelayLimits>;
  /** ms since 1970; defaults to the system's clock. */
  now?: () => number;
}
