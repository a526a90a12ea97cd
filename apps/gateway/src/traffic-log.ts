import type { Logger } from '@hamster/daemon';
import type { Relay } from '@hamster/p2p';

const EVERY_MS = 60_000;

/** Logs what the relay does, whenever that has changed. Returns what stops it. */
export function logTraffic(relay: Relay, log: Logger): () => void {
  let last = '';
  const timer = setInterval(() => {
    const now = summaryOf(relay);
    const text = JSON.stringify(now);
    if (text !== last) log.info(now, 'relay');
    last = text;
  }, EVERY_MS);
  return () => clearInterval(timer);
}

function summaryOf(relay: Relay): object {
  let bytes = 0;
  // Each relayed byte counts for both of its ends.
  for (const ofPeer of relay.traffic().values()) bytes += ofPeer / 2;
  return {
    providers: relay.reservations().length,
    connections: relay.circuits(),
    mib: Math.round(bytes / 2 ** 20),
  };
}
