import type { Duplex } from 'node:stream';
import type { Connection } from '@libp2p/interface';
import { askOn, newStream } from '../access/ask-provider.ts';
import type { CarriedStream } from '../access/provider-streams.ts';
import type { Host } from '../host/host.ts';
import { decodeOffer } from '../lane/offer.ts';
import { streamDuplex } from '../streams/stream-duplex.ts';
import { withLane } from './fast-lane.ts';
import { encodeTunnelRequest, MAX_TUNNEL_MESSAGE, TUNNEL_PROTOCOL, type TunnelRequest } from './protocol.ts';

const HANDSHAKE_MS = 20_000;

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
  const stream = await newStream(connection, TUNNEL_PROTOCOL, signal);
  return requestTunnel({ stream, connection }, request, signal);
}

/** The handshake on a fresh stream. Aborts the stream when it fails. */
export async function requestTunnel(
  { stream, connection, host }: CarriedStream & { readonly host?: Pick<Host, 'libp2p' | 'dialler'> },
  request: TunnelRequest,
  signal: AbortSignal,
): Promise<Duplex> {
  const question = { request: encodeTunnelRequest(request), maxMessage: MAX_TUNNEL_MESSAGE, signal };
  const { messages, reply } = await askOn(stream, question);
  const tunnel = streamDuplex(messages.detach());
  const offer = decodeOffer(reply);
  return offer ? withLane(tunnel, { connection, offer, host }) : tunnel;
}
