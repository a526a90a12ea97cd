/** Whose fault it is, and so who can do something about it. */
export type Blame = 'user' | 'transient' | 'bug';

/** Stable names of what can go wrong between peers. Refusals of a provider arrive with the same names. */
export type PeerErrorCode =
  | 'IDENTITY_UNREADABLE'
  | 'ADDRESS_INVALID'
  | 'LISTEN_FAILED'
  | 'SWARM_KEY_INVALID'
  | 'NETWORK_KEY'
  | 'PEER_ID_INVALID'
  | 'MESSAGE_MALFORMED'
  | 'MESSAGE_TOO_LONG'
  | 'HANDSHAKE_TIMEOUT'
  | 'CONNECTION_LOST'
  | 'NO_ROUTE'
  | 'NO_GATEWAY'
  | 'RESERVATION_REFUSED'
  | 'GRANT_MALFORMED'
  | 'GRANT_WRONG_CHAIN'
  | 'GRANT_NOT_PERMITTED'
  | 'GRANT_EXPIRED'
  | 'GRANT_TOO_LONG'
  | 'GRANT_SIGNATURE'
  | 'LEASE_NOT_FOUND'
  | 'LEASE_ENDED'
  | 'NOT_RENTER'
  | 'PORT_CLOSED'
  | 'MACHINE_UNREACHABLE'
  | 'MACHINE_STOPPED'
  | 'MACHINE_BUSY'
  | 'COMMAND_REFUSED'
  | 'COMMAND_FAILED'
  | 'TOO_MANY_STREAMS'
  | 'RELAY_LIMIT'
  | 'PORT_MAPPING'
  | 'PROVIDER_FAILED'
  | 'LIBRARY_CHANGED';

const BLAME: Record<PeerErrorCode, Blame> = {
  IDENTITY_UNREADABLE: 'user',
  ADDRESS_INVALID: 'user',
  LISTEN_FAILED: 'user',
  SWARM_KEY_INVALID: 'user',
  NETWORK_KEY: 'user',
  PEER_ID_INVALID: 'user',
  MESSAGE_MALFORMED: 'bug',
  MESSAGE_TOO_LONG: 'bug',
  HANDSHAKE_TIMEOUT: 'transient',
  CONNECTION_LOST: 'transient',
  NO_ROUTE: 'transient',
  NO_GATEWAY: 'transient',
  RESERVATION_REFUSED: 'transient',
  GRANT_MALFORMED: 'bug',
  GRANT_WRONG_CHAIN: 'user',
  GRANT_NOT_PERMITTED: 'user',
  GRANT_EXPIRED: 'user',
  GRANT_TOO_LONG: 'user',
  GRANT_SIGNATURE: 'user',
  LEASE_NOT_FOUND: 'user',
  LEASE_ENDED: 'user',
  NOT_RENTER: 'user',
  PORT_CLOSED: 'user',
  MACHINE_UNREACHABLE: 'transient',
  MACHINE_STOPPED: 'user',
  MACHINE_BUSY: 'transient',
  COMMAND_REFUSED: 'user',
  COMMAND_FAILED: 'transient',
  TOO_MANY_STREAMS: 'transient',
  RELAY_LIMIT: 'transient',
  PORT_MAPPING: 'transient',
  PROVIDER_FAILED: 'transient',
  LIBRARY_CHANGED: 'bug',
};

/** The one error of this package: a stable code, and a sentence that a user can be shown. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  readonly code: PeerErrorCode;
  readonly blame: Blame;

  constructor(code: PeerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.blame = BLAME[code];
  }
}

export function isPeerErrorCode(text: string): text is PeerErrorCode {
  return Object.hasOwn(BLAME, text);
}

/** Anything that was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new PeerError('PROVIDER_FAILED', String(thrown));
}
