import { createHash } from 'node:crypto';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { asError, PeerError } from '../errors.ts';

/** Where a gateway is found, as the chain has it. */
export interface GatewayAddress {
  readonly peerId: string;
  readonly multiaddrs: readonly string[];
}

/**
 * The gateways in one provider's own order, the same on every machine: the provider keeps reservations with the
 * first ones, and a client knocks there first without being told.
 */
export function gatewaysInOrder<G extends GatewayAddress>(provider: string, gateways: readonly G[]): G[] {
  const rank = (gateway: G): string =>
    createHash('sha256').update(`${provider}/${gateway.peerId}`).digest('hex');
  return gateways
    .map((gateway) => ({ gateway, rank: rank(gateway) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ gateway }) => gateway);
}

/** Multiaddrs that name the peer, so that nobody else can answer in its place. Those of another peer are left out. */
export function addressesOf(peerId: string, texts: readonly string[]): Multiaddr[] {
  return texts.map(parseAddress).flatMap((address) => {
    const named = address.getComponents().findLast(({ name }) => name === 'p2p')?.value;
    if (named === undefined) return [address.encapsulate(`/p2p/${peerId}`)];
    return named === peerId ? [address] : [];
  });
}

/** Throws PeerError ADDRESS_INVALID. */
export function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (cause) {
    const message = `"${text}" is not a multiaddr such as /ip4/203.0.113.7/tcp/4001: ${asError(cause).message}`;
    throw new PeerError('ADDRESS_INVALID', message, { cause });
  }
}
