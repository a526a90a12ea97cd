import type { Duplex } from 'node:stream';

/**
 * Joins two duplexes until either is over; what one still has to say when it ends reaches the other. One that breaks
 * takes the other with it. Resolves when both are closed; never rejects.
 */
export function joinStreams(one: Duplex, other: Duplex): Promise<void> {
  const ends = [
    [one, other],
    [other, one],
  ] as const;
  for (const [from, to] of ends) {
    from.on('error', () => to.destroy());
    from.on('close', () => {
      if (!from.readableEnded || !from.writableFinished) to.destroy();
    });
    from.pipe(to);
  }
  return Promise.all(ends.map(([stream]) => closed(stream))).then(() => undefined);
}

function closed(stream: Duplex): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => stream.once('close', resolve));
}
