import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { finish } from '../streams/finish.ts';
import type { Framed } from '../streams/framed.ts';
import type { Allowance } from './allowance.ts';
import type { Circuits } from './circuits.ts';
import { encodeHopStatus, type RelayStatus } from './messages.ts';
import type { RelayAcl, RelayLimits } from './relay-options.ts';
import type { Reservations } from './reservations.ts';
import type { Cut, Refusal, Tally } from './tally.ts';
import type { Throttle } from './throttle.ts';
import type { TrafficLedger } from './traffic.ts';

/** What the relay's handlers work with. */
export interface RelayService {
  readonly libp2p: Libp2p;
  readonly acl: RelayAcl;
  readonly limits: RelayLimits;
  readonly now: () => number;
  readonly reservations: Reservations;
  readonly circuits: Circuits;
  readonly traffic: TrafficLedger;
  readonly allowance: Allowance;
  readonly throttle: Throttle;
  readonly refusals: Tally<Refusal>;
  readonly cuts: Tally<Cut>;
}

/** One request on a hop stream. */
export interface HopExchange {
  readonly stream: Stream;
  readonly connection: Connection;
  readonly messages: Framed;
  readonly signal: AbortSignal;
  /** Who asks. */
  readonly peer: string;
}

const STATUS_OF: Record<Refusal, RelayStatus> = {
  'not-allowed': 'PERMISSION_DENIED',
  'too-many-reservations': 'RESERVATION_REFUSED',
  'no-reservation': 'NO_RESERVATION',
  'too-many-circuits': 'RESOURCE_LIMIT_EXCEEDED',
  'bytes-of-the-day': 'RESOURCE_LIMIT_EXCEEDED',
  memory: 'RESOURCE_LIMIT_EXCEEDED',
  'destination-gone': 'CONNECTION_FAILED',
};

export async function refuse(
  { refusals }: RelayService,
  { messages, stream, signal }: HopExchange,
  refusal: Refusal,
): Promise<void> {
  refusals.add(refusal);
  messages.write(encodeHopStatus(STATUS_OF[refusal]));
  await finish(stream, signal);
}

/** An ACL that cannot answer lets nobody in; peers try again. */
export async function allows(ask: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch {
    return false;
  }
}
