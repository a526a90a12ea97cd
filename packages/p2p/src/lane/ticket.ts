import { randomBytes } from 'node:crypto';

/** The first bytes of a TCP connection that becomes a lane. No connection of libp2p begins with a zero. */
export const LANE_MAGIC: Uint8Array = Buffer.from('\0hamster-lane-1\n', 'latin1');

export const TICKET_BYTES = 32;
export const ID_BYTES = 16;

/** What is shown at a door, in the clear: 16 bytes that name a lane, 16 that nobody guesses. */
export type Ticket = Uint8Array;

export function newTicket(): Ticket {
  return randomBytes(TICKET_BYTES);
}

/** The name of a ticket's lane, in hex; no secret. */
export function laneIdOf(ticket: Ticket): string {
  return Buffer.from(ticket.subarray(0, ID_BYTES)).toString('hex');
}
