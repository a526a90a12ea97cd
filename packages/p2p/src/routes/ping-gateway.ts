import type { Ping } from '@libp2p/ping';
import { peerIdFromString } from '@libp2p/peer-id';
import { PeerError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { addressesOf, type GatewayAddress } from './gateway-address.ts';

/** How a gateway answers, in ms. */
export interface GatewayReach {
  /** Until a connection is ready: several round trips and the handshakes. */
  readonly dialMs: number;
  /** One question and its answer on that connection. */
  readonly roundTripMs: number;
}

const PATIENCE_MS = 5000;

/** Dials a gateway as a client does, and asks it once. Throws PeerError NO_ROUTE, ADDRESS_INVALID, or the signal's reason. */
export async function pingGateway(
  host: Host,
  { peerId, multiaddrs }: GatewayAddress,
  signal?: AbortSignal,
): Promise<GatewayReach> {
  const timeout = AbortSignal.timeout(PATIENCE_MS);
  const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const begun = performance.now();
  try {
    await host.dial(addressesOf(peerId, multiaddrs), bounded);
    const dialMs = performance.now() - begun;
    const service = host.libp2p.services['ping'] as Ping;
    const roundTripMs = await service.ping(peerIdFromString(peerId), { signal: bounded });
    return { dialMs, roundTripMs };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof PeerError && cause.code !== 'NETWORK_KEY') throw cause;
    throw new PeerError('NO_ROUTE', `Gateway ${peerId}: ${reasonOf(cause, timeout)}`, { cause });
  }
}

function reasonOf(cause: unknown, timeout: AbortSignal): string {
  if (cause instanceof PeerError) return cause.message;
  return timeout.aborted ? `no answer within ${PATIENCE_MS / 1000} s` : 'no connection could be made';
}
