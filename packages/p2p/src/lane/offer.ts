import { randomBytes } from 'node:crypto';
import type { Fields } from '../wire/cbor.ts';
import { newTicket, TICKET_BYTES, type Ticket } from './ticket.ts';

/** What a provider tells the client of one tunnel, so that it may open a lane for it. */
export interface LaneOffer {
  readonly ticket: Ticket;
  /** 32 bytes that only the two ends know; both prove by them who they are. */
  readonly key: Uint8Array;
}

const KEY_BYTES = 32;

export function newOffer(): LaneOffer {
  return { ticket: newTicket(), key: randomBytes(KEY_BYTES) };
}

export function offerFields({ ticket, key }: LaneOffer): Fields {
  return { lane: { ticket, key } };
}

/** The offer in a provider's yes; undefined where there is none, or one of a kind that we do not know. */
export function decodeOffer({ lane }: Fields): LaneOffer | undefined {
  if (typeof lane !== 'object' || lane === null) return undefined;
  const { ticket, key } = lane as Fields;
  if (!(ticket instanceof Uint8Array) || ticket.length !== TICKET_BYTES) return undefined;
  return key instanceof Uint8Array && key.length === KEY_BYTES ? { ticket, key } : undefined;
}
