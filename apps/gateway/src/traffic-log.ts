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
  return {
    providers: relay.reservations().length,
    connections: relay.circuits(),
    mib: Math.round(relay.relayedBytes() / 2 ** 20),
  };
}
