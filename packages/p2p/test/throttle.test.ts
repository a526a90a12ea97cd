import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { throttle, type Throttle, type Throttled } from '../src/relay/throttle.ts';

const KIBIBYTE = 1024;
const LOOK_MS = 20;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Connections of one source that always have something to read: at once, or a moment after they are woken, as sockets do. */
function greedy(shared: Throttle, source: string, { connections, portion, later }: Kind): () => number {
  let had = 0;
  for (let each = 0; each < connections; each += 1) {
    const read = (): void => {
      do {
        had += portion;
        shared.charge(source, portion);
      } while (shared.mayRead(throttled));
    };
    const throttled: Throttled = { source, wake: () => (later ? void setTimeout(read, 1) : read()) };
    throttled.wake();
  }
  return () => had;
}

interface Kind {
  readonly connections: number;
  readonly portion: number;
  readonly later: boolean;
}

/** What part the first source has, once what was read before the limits counted is paid. */
function shareOfFirst(first: Kind, second: Kind): number {
  const shared = throttle({ bytesPerSecond: 2 * KIBIBYTE * KIBIBYTE, sourceBytesPerSecond: Infinity }, () =>
    performance.now(),
  );
  const [one, other] = [greedy(shared, 'one', first), greedy(shared, 'other', second)];
  const advance = (): void => void vi.advanceTimersByTime(500 * LOOK_MS);
  advance();
  const before = [one(), other()] as const;
  advance();
  shared.stop();
  const [more, others] = [one() - before[0], other() - before[1]];
  expect(more + others).toBeGreaterThan(15 * KIBIBYTE * KIBIBYTE);
  return more / (more + others);
}

describe('a rate in all', () => {
  const one = { connections: 1, portion: 64 * KIBIBYTE, later: false };

  test.each([
    ['streams against a stream', { ...one, connections: 12 }, one],
    ['sockets against a socket', { ...one, connections: 12, later: true }, { ...one, later: true }],
    ['sockets against a stream', { ...one, connections: 12, later: true }, one],
    ['streams against a socket', { ...one, connections: 12 }, { ...one, later: true }],
  ])('is halved between two sources: %s', (_, first, second) => {
    const share = shareOfFirst(first, second);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });
});
