import { encode } from 'cborg';
import { PeerError } from '../errors.ts';
import { decodeFields, type Fields } from '../wire/cbor.ts';
import { ID_BYTES, TICKET_BYTES, type Ticket } from './ticket.ts';

/** A client asks a gateway for a lane to a provider, and the gateway asks the provider. */
export const LANE_PROTOCOL = '/hamster/lane/1';

/** No message of it may be longer, in bytes. */
export const MAX_LANE_MESSAGE = 1024;

export interface LaneRequest {
  /** Peer id of the provider. */
  readonly to: string;
  /** The name of the lane that the provider offered, in hex. */
  readonly lane: string;
}

export interface LaneCall {
  readonly lane: string;
  /** To be shown at the gateway's door. */
  readonly ticket: Ticket;
}

export function encodeLaneRequest({ to, lane }: LaneRequest): Uint8Array {
  return encode({ to, lane: Buffer.from(lane, 'hex') });
}

/** Throws PeerError MESSAGE_MALFORMED. */
export function decodeLaneRequest(bytes: Uint8Array): LaneRequest {
  const message = decodeFields(bytes, 'request');
  const { to } = message;
  if (typeof to !== 'string') throw malformed('to');
  return { to, lane: laneIn(message) };
}

export function encodeLaneCall({ lane, ticket }: LaneCall): Uint8Array {
  return encode({ lane: Buffer.from(lane, 'hex'), ticket });
}

/** Throws PeerError MESSAGE_MALFORMED. */
export function decodeLaneCall(bytes: Uint8Array): LaneCall {
  const message = decodeFields(bytes, 'request');
  return { lane: laneIn(message), ticket: decodeTicket(message) };
}

/** Throws PeerError MESSAGE_MALFORMED. */
export function decodeTicket({ ticket }: Fields): Ticket {
  if (ticket instanceof Uint8Array && ticket.length === TICKET_BYTES) return ticket;
  throw malformed('ticket');
}

function laneIn({ lane }: Fields): string {
  if (lane instanceof Uint8Array && lane.length === ID_BYTES) return Buffer.from(lane).toString('hex');
  throw malformed('lane');
}

function malformed(field: string): PeerError {
  return new PeerError('MESSAGE_MALFORMED', `The field "${field}" of a message about lanes is wrong`);
}
