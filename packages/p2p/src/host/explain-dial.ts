import { asError, PeerError } from '../errors.ts';

/** Names that the library gives to connections that end while they are protected or encrypted. */
const HANDSHAKE_ERRORS = new Set([
  'EncryptionFailedError',
  'InvalidCryptoExchangeError',
  'UnexpectedEOFError',
]);

/**
 * Says what is likely when the other side cannot make sense of our first bytes: hosts of different private networks
 * hang up on each other without a word.
 */
export function explainDial(error: unknown, hasKey: boolean): Error {
  const failure = asError(error);
  if (!causesOf(failure).some(({ name }) => HANDSHAKE_ERRORS.has(name))) return failure;
  const hint = hasKey
    ? 'it is no host of this private network: it has another --swarm-key, or none'
    : 'it may belong to a private network, whose key you need (--swarm-key)';
  return new PeerError('NETWORK_KEY', `The other side hung up before the connection was encrypted; ${hint}`, {
    cause: error,
  });
}

function causesOf(error: Error): Error[] {
  const inner = error instanceof AggregateError ? error.errors.map(asError) : [];
  const cause = error.cause === undefined ? [] : [asError(error.cause)];
  return [error, ...[...inner, ...cause].flatMap(causesOf)];
}
