import { base58Encode } from '#polkadot/util-crypto';
import type { PeerId } from '@libp2p/interface';
import { PeerError } from '../errors.ts';
import { decodeFields, encodeFields, type FieldValue } from './protobuf.ts';

/** Circuit relay v2: https://github.com/libp2p/specs/blob/master/relay/circuit-v2.md */
export const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop';
export const STOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/stop';

/** No message of the relay protocols is longer, in bytes. */
export const MAX_RELAY_MESSAGE = 4096;

export const STATUS = {
  OK: 100,
  RESERVATION_REFUSED: 200,
  RESOURCE_LIMIT_EXCEEDED: 201,
  PERMISSION_DENIED: 202,
  CONNECTION_FAILED: 203,
  NO_RESERVATION: 204,
  MALFORMED_MESSAGE: 400,
  UNEXPECTED_MESSAGE: 401,
} as const;

export type RelayStatus = keyof typeof STATUS;

export type HopRequest =
  { readonly type: 'reserve' } | { readonly type: 'connect'; readonly destination: string };

const HOP_RESERVE = 0n;
const HOP_CONNECT = 1n;
const HOP_STATUS = 2n;
const STOP_CONNECT = 0n;
const STOP_STATUS = 1n;

const HOP = { type: 1, peer: 2, reservation: 3, status: 5 } as const;
const STOP = { type: 1, peer: 2, status: 4 } as const;
const PEER = { id: 1 } as const;
const RESERVATION = { expire: 1, addrs: 2 } as const;

/** Throws PeerError MESSAGE_MALFORMED. */
export function decodeHopRequest(bytes: Uint8Array): HopRequest {
  const fields = decodeFields(bytes);
  const type = number(fields, HOP.type);
  if (type === HOP_RESERVE) return { type: 'reserve' };
  if (type === HOP_CONNECT) return { type: 'connect', destination: peerIn(fields) };
  throw new PeerError('MESSAGE_MALFORMED', `A relay request of unknown type ${type}`);
}

export function encodeHopStatus(status: RelayStatus): Uint8Array {
  return encodeFields([
    [HOP.type, HOP_STATUS],
    [HOP.status, BigInt(STATUS[status])],
  ]);
}

/** `expiresAt` in ms since 1970; `addresses` are the relay's own, as multiaddr bytes. */
export function encodeReservation(expiresAt: number, addresses: readonly Uint8Array[]): Uint8Array {
  const reservation = encodeFields([
    [RESERVATION.expire, BigInt(Math.floor(expiresAt / 1000))],
    ...addresses.map((address) => [RESERVATION.addrs, address] as const),
  ]);
  return encodeFields([
    [HOP.type, HOP_STATUS],
    [HOP.reservation, reservation],
    [HOP.status, BigInt(STATUS.OK)],
  ]);
}

export function encodeStopConnect(source: PeerId): Uint8Array {
  return encodeFields([
    [STOP.type, STOP_CONNECT],
    [STOP.peer, encodeFields([[PEER.id, source.toMultihash().bytes]])],
  ]);
}

/** Whether the destination takes the connection. */
export function decodeStopReply(bytes: Uint8Array): boolean {
  const fields = decodeFields(bytes);
  return number(fields, STOP.type) === STOP_STATUS && number(fields, STOP.status) === BigInt(STATUS.OK);
}

function peerIn(fields: Map<number, FieldValue[]>): string {
  const peer = fields.get(HOP.peer)?.[0];
  const id = peer instanceof Uint8Array ? decodeFields(peer).get(PEER.id)?.[0] : undefined;
  if (!(id instanceof Uint8Array)) throw new PeerError('MESSAGE_MALFORMED', 'A relay request names no peer');
  return base58Encode(id);
}

function number(fields: Map<number, FieldValue[]>, field: number): bigint | undefined {
  const value = fields.get(field)?.[0];
  return typeof value === 'bigint' ? value : undefined;
}
