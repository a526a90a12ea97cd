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

/** Connections of one source that always have something to read: at once, or each portion a moment later, as sockets do. */
function greedy(shared: Throttle, source: string, { connections, portion, later }: Kind): () => number {
  let had = 0;
  for (let each = 0; each < connections; each += 1) {
    const read = (): void => {
      do {
        had += portion;
        shared.charge(source, portion);
        if (!shared.mayRead(throttled)) return;
      } while (!later);
      wake();
    };
    const wake = (): void => (later ? void setTimeout(read, 1) : read());
    const throttled: Throttled = { source, wake };
    wake();
  }
  return () => had;
}

interface Kind {
  readonly connections: number;
  readonly portion: number;
  readonly later: boolean;
}

/** Who wants no more than so much in a look; `stop` ends it. */
function modest(
  shared: Throttle,
  { source, wanted }: { source: string; wanted: number },
): { had: () => number; stop: () => void } {
  let had = 0;
  let due = 0;
  let asleep = false;
  const read = (): void => {
    asleep = false;
    while (due > 0) {
      const bytes = Math.min(due, 64 * KIBIBYTE);
      due -= bytes;
      had += bytes;
      shared.charge(source, bytes);
      if (shared.mayRead(throttled)) continue;
      asleep = true;
      return;
    }
  };
  const throttled: Throttled = { source, wake: () => void setTimeout(read, 1) };
  const timer = setInterval(() => {
    due += wanted;
    if (!asleep) read();
  }, LOOK_MS);
  const stop = (): void => {
    clearInterval(timer);
    due = 0;
  };
  return { had: () => had, stop };
}

/** What part the first source has, once what was read before the limits counted is paid. */
function shareOfFirst(first: Kind, second: Kind, mebibytes = 2): number {
  const bytesPerSecond = mebibytes * KIBIBYTE * KIBIBYTE;
  const shared = throttle({ bytesPerSecond, sourceBytesPerSecond: Infinity }, () => performance.now());
  const [one, other] = [greedy(shared, 'one', first), greedy(shared, 'other', second)];
  const advance = (): void => void vi.advanceTimersByTime(500 * LOOK_MS);
  advance();
  const before = [one(), other()] as const;
  advance();
  shared.stop();
  const [more, others] = [one() - before[0], other() - before[1]];
  expect(more + others).toBeGreaterThan(7.5 * bytesPerSecond);
  return more / (more + others);
}

describe('a rate in all', () => {
  const one = { connections: 1, portion: 64 * KIBIBYTE, later: false };
  const small = { connections: 1, portion: 4 * KIBIBYTE, later: true };

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

  test.each([
    ['a stream', one],
    ['a socket', { ...one, later: true }],
    ['twelve streams', { ...one, connections: 12 }],
    ['twelve sockets', { ...one, connections: 12, later: true }],
    ['a stream of small portions', { ...small, later: false }],
  ])('is halved between a socket that brings 4 KiB at a time, and %s', (_, other) => {
    const share = shareOfFirst(small, other);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  test('that is far more than a portion in a look is halved between a stream and a socket, too', () => {
    const share = shareOfFirst({ ...one, later: true }, one, 40);
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });
});

describe('a rate that nobody else uses', () => {
  const MEBIBYTE = KIBIBYTE * KIBIBYTE;
  const SECOND = 1000;
  const socket = { connections: 1, portion: 64 * KIBIBYTE, later: true };
  let shared: Throttle;

  function limited(total: number, each: number): void {
    const rates = { bytesPerSecond: total * MEBIBYTE, sourceBytesPerSecond: each * MEBIBYTE };
    shared = throttle(rates, () => performance.now());
  }

  function rateOf(had: () => number): number {
    const before = had();
    vi.advanceTimersByTime(10 * SECOND);
    return (had() - before) / 10 / MEBIBYTE;
  }

  afterEach(() => shared.stop());

  test('is had whole by one socket', () => {
    limited(50, Infinity);
    const had = greedy(shared, 'one', socket);
    vi.advanceTimersByTime(3 * SECOND);
    expect(rateOf(had)).toBeGreaterThan(45);
  });

  test('is had whole by who is left when a crowd has gone', () => {
    limited(50, Infinity);
    const left = modest(shared, { source: 'left', wanted: (40 * MEBIBYTE * LOOK_MS) / SECOND });
    const crowd = Array.from({ length: 8 }, (_, index) =>
      modest(shared, { source: `crowd ${index}`, wanted: (20 * MEBIBYTE * LOOK_MS) / SECOND }),
    );
    vi.advanceTimersByTime(3 * SECOND);
    for (const each of crowd) each.stop();
    vi.advanceTimersByTime(10 * SECOND);
    expect(rateOf(left.had)).toBeGreaterThan(38);
    left.stop();
  });

  test('of each source is had whole beside one that wants more', () => {
    limited(Infinity, 10);
    const hog = greedy(shared, 'hog', { ...socket, connections: 4 });
    const victim = modest(shared, { source: 'victim', wanted: (8 * MEBIBYTE * LOOK_MS) / SECOND });
    vi.advanceTimersByTime(3 * SECOND);
    const before = hog();
    expect(rateOf(victim.had)).toBeGreaterThan(7.5);
    expect((hog() - before) / 10 / MEBIBYTE).toBeGreaterThan(9);
    victim.stop();
  });
});
