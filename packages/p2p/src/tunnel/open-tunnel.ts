import type { Duplex } from 'node:stream';
import type { Connection, Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import { framed } from '../streams/framed.ts';
import { streamDuplex } from '../streams/stream-duplex.ts';
import {
  decodeReply,
  encodeRequest,
  MAX_TUNNEL_MESSAGE,
  TUNNEL_PROTOCOL,
  type TunnelRequest,
} from './protocol.ts';

const HANDSHAKE_MS = 20_000;
/** Streams of this protocol that one connection may carry. */
const MAX_OUTBOUND = 1024;

/**
 * A tunnel to a port of a lease's machine as a duplex: `end()` half-closes it, errors are PeerErrors with the
 * provider's own code when it refused.
 */
export async function openTunnel(
  connection: Connection,
  request: TunnelRequest,
  options: { signal?: AbortSignal } = {},
): Promise<Duplex> {
  const timeout = AbortSignal.timeout(HANDSHAKE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  return requestTunnel(await newTunnelStream(connection, signal), request, signal);
}

/** A fresh, unused stream of the tunnel protocol. */
export async function newTunnelStream(connection: Connection, signal: AbortSignal): Promise<Stream> {
  try {
    return await connection.newStream(TUNNEL_PROTOCOL, {
      runOnLimitedConnection: true,
      maxOutboundStreams: MAX_OUTBOUND,
      signal,
    });
  } catch (cause) {
    throw new PeerError('CONNECTION_LOST', 'The provider does not answer on this connection', { cause });
  }
}

/** The handshake on a fresh stream. Aborts the stream when it fails. */
export async function requestTunnel(
  stream: Stream,
  request: TunnelRequest,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    const messages = framed(stream, MAX_TUNNEL_MESSAGE);
    messages.write(encodeRequest(request));
    const reply = decodeReply(await messages.read(signal));
    if (!reply.ok) throw new PeerError(reply.code, reply.message);
    return streamDuplex(messages.detach());
  } catch (error) {
    stream.abort(asError(error));
    throw error;
  }
}
