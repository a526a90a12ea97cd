export type NetworkErrorCode =
  /** A multiaddr in the settings that cannot be used. */
  | 'NETWORK_ADDRESS'
  /** A port that cannot be listened on. */
  | 'NETWORK_LISTEN'
  /** Bytes that are no message of their protocol. The peer's fault. */
  | 'PEER_MALFORMED'
  /** More than the protocol allows: too long, too many, too often. The peer's fault. */
  | 'PEER_EXCESSIVE'
  /** What a peer said is not true: a block that breaks the rules, or that was not asked for. The peer's fault. */
  | 'PEER_FALSE'
  /** The peer follows another chain. */
  | 'PEER_OTHER_CHAIN'
  /** All places for peers are taken, or the peer is banned. */
  | 'PEER_UNWANTED'
  /** The peer does not answer in time. Transient. */
  | 'PEER_TIMEOUT'
  /** The stream or the connection ended in the middle. Transient. */
  | 'PEER_LOST'
  /** Asked for what is not here: an unknown block, a state that is not kept. */
  | 'NOT_AVAILABLE';

/** The one error of the network: a stable code and a sentence. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const MISBEHAVIOUR: ReadonlySet<string> = new Set(['PEER_MALFORMED', 'PEER_EXCESSIVE', 'PEER_FALSE']);

/** Whether only a peer that is broken or hostile causes this. */
export const isMisbehaviour = (error: unknown): error is NetworkError =>
  error instanceof NetworkError && MISBEHAVIOUR.has(error.code);

export const malformed = (what: string, cause?: unknown): NetworkError =>
  new NetworkError('PEER_MALFORMED', `A message is malformed: ${what}`, { cause });

export const unavailable = (what: string): NetworkError => new NetworkError('NOT_AVAILABLE', what);

/** Anything that was thrown, as an Error. */
export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new NetworkError('PEER_LOST', String(thrown));
