import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { asError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { MeetingPoint } from './meeting-point.ts';

export interface Punch {
  readonly peer: string;
  readonly from: MeetingPoint;
  /** Where the other side comes from. */
  readonly to: Multiaddr;
  readonly responder: boolean;
  readonly signal: AbortSignal;
}

/** A NAT that refuses what it does not know yet ends an attempt; a moment later it knows. */
const PAUSE_MS = 150;
const ATTEMPT_MS = 2_500;

/**
 * Both sides dial each other at once, so that the NAT of each has seen a packet go out before the other's comes in. Goes on until
 * the signal says no. Throws the last attempt's reason.
 */
export async function punch(host: Host, { peer, from, to, responder, signal }: Punch): Promise<Connection> {
  const address = to.encapsulate(`/p2p/${peer}`);
  for (;;) {
    // Not a timeout signal: that would cut the finished connection later.
    const attempt = new AbortController();
    const timer = setTimeout(() => attempt.abort(), ATTEMPT_MS);
    const giveUp = (): void => attempt.abort();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      signal.throwIfAborted();
      return await host.dialler.dial(address, {
        signal: attempt.signal,
        localPort: from.localPort,
        meeting: { responder },
      });
    } catch (error) {
      if (signal.aborted) throw asError(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
    await wait(PAUSE_MS, undefined, { signal });
  }
}
