import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import type { Framed } from '../streams/framed.ts';
import type { Circuits } from './circuits.ts';
import { encodeHopStatus, type RelayStatus } from './messages.ts';
import type { RelayAcl, RelayLimits } from './relay-options.ts';
import type { Reservations } from './reservations.ts';

/** What the relay's handlers work with. */
export interface RelayService {
  readonly libp2p: Libp2p;
  readonly acl: RelayAcl;
  readonly limits: RelayLimits;
  readonly now: () => number;
  readonly reservations: Reservations;
  readonly circuits: Circuits;
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

export async function refuse({ messages, stream, signal }: HopExchange, status: RelayStatus): Promise<void> {
  messages.write(encodeHopStatus(status));
  await stream.close({ signal });
}

/** An ACL that cannot answer lets nobody in; peers try again. */
export async function allows(ask: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch {
    return false;
  }
}
