import type { MultiaddrConnection } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, test, vi } from 'vitest';
import { allowance } from '../src/relay/allowance.ts';
import { connectionBounds } from '../src/relay/connection-bounds.ts';
import { throttle } from '../src/relay/throttle.ts';
import { trafficLedger } from '../src/relay/traffic.ts';

const KIB = 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Runs a throttle for `ms` of a clock of its own; each reader sends 64 KiB whenever it may. Bytes by source. */
function run(
  limits: { bytesPerSecond: number; sourceBytesPerSecond: number },
  readers: string[],
  ms: number,
): Map<string, number> {
  const clock = { now: 0 };
  vi.useFakeTimers();
  const sent = new Map<string, number>();
  const throttling = throttle(limits, () => clock.now);
  const start = (source: string): void => {
    const throttled = { source, wake: () => send() };
    const send = (): void => {
      do {
        throttling.charge(source, 64 * KIB);
        sent.set(source, (sent.get(source) ?? 0) + 64 * KIB);
      } while (throttling.mayRead(throttled));
    };
    if (throttling.mayRead(throttled)) send();
  };
  try {
    readers.forEach(start);
    for (; clock.now < ms; clock.now += 10) vi.advanceTimersByTime(10);
    return sent;
  } finally {
    throttling.stop();
    vi.useRealTimers();
  }
}

describe('the throttle', () => {
  test('keeps the total, and shares it among sources, however many connections one has', () => {
    const greedy = Array.from({ length: 20 }, () => 'greedy');
    const sent = run(
      { bytesPerSecond: 1000 * KIB, sourceBytesPerSecond: Infinity },
      [...greedy, 'modest'],
      10_000,
    );
    const [ofGreedy = 0, ofModest = 0] = [sent.get('greedy'), sent.get('modest')];
    expect((ofGreedy + ofModest) / KIB).toBeGreaterThan(9_500);
    expect((ofGreedy + ofModest) / KIB).toBeLessThan(10_500);
    expect(ofModest).toBeGreaterThan(0.45 * (ofGreedy + ofModest));
  });

  test('gives what one source does not take to the others', () => {
    const sent = run({ bytesPerSecond: 1000 * KIB, sourceBytesPerSecond: Infinity }, ['alone'], 10_000);
    expect((sent.get('alone') ?? 0) / KIB).toBeGreaterThan(9_500);
  });

  test('bounds each source, all of its connections together', () => {
    const sent = run(
      { bytesPerSecond: Infinity, sourceBytesPerSecond: 500 * KIB },
      ['a', 'a', 'a', 'b'],
      10_000,
    );
    for (const source of ['a', 'b']) {
      expect((sent.get(source) ?? 0) / KIB).toBeGreaterThan(4_700);
      expect((sent.get(source) ?? 0) / KIB).toBeLessThan(5_400);
    }
  });
});

describe('the allowance of a day', () => {
  test('is used up by one source, by all, and is there again the next day', () => {
    const clock = { now: 10 * DAY_MS };
    const day = allowance({ bytesPerDay: 100, sourceBytesPerDay: 60 }, () => clock.now);
    day.count('a', 60);
    expect([day.isUsedUp('a'), day.isUsedUp('b')]).toEqual([true, false]);
    day.count('b', 40);
    expect(day.isUsedUp('c')).toBe(true);
    clock.now += DAY_MS;
    expect(day.isUsedUp('a')).toBe(false);
  });
});

describe('the ledger of traffic', () => {
  test('remembers so many peers, and forgets the least recent', () => {
    const ledger = trafficLedger(3);
    const count = (source: string): void =>
      ledger.count({ source, destination: 'holder' }, 'from-source', 10);
    for (const source of ['a', 'b', 'a', 'c']) count(source);
    expect([...ledger.byPeer().keys()]).toEqual(['a', 'c', 'holder']);
    expect(ledger.byPeer().get('a')?.asSource).toEqual({ in: 20, out: 0 });
    expect(ledger.total()).toBe(40);
  });
});

describe('the bounds of connections', () => {
  test('count those from one address until they close, but none from this host', () => {
    const { gater, refused } = connectionBounds({ connectionsPerAddress: 1, connectionsPerPeer: 1 });
    const comeFrom = (address: string) => {
      const connection = Object.assign(new EventTarget(), { status: 'open', remoteAddr: multiaddr(address) });
      const denied = gater.denyInboundConnection?.(connection as unknown as MultiaddrConnection);
      return { denied, close: () => connection.dispatchEvent(new Event('close')) };
    };
    const first = comeFrom('/ip4/203.0.113.7/tcp/1');
    expect(comeFrom('/ip4/203.0.113.7/tcp/2').denied).toBe(true);
    expect(comeFrom('/ip4/203.0.113.8/tcp/2').denied).toBe(false);
    first.close();
    expect(comeFrom('/ip4/203.0.113.7/tcp/3').denied).toBe(false);
    for (const port of [1, 2, 3]) expect(comeFrom(`/ip4/127.0.0.1/tcp/${port}`).denied).toBe(false);
    expect(refused()).toBe(1);
  });
});
