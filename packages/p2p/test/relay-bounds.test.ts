import type { MultiaddrConnection, PeerId } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, test, vi } from 'vitest';
import { allowance } from '../src/relay/allowance.ts';
import { connectionBounds } from '../src/relay/connection-bounds.ts';
import { throttle } from '../src/relay/throttle.ts';
import { trafficLedger } from '../src/relay/traffic.ts';

const KIB = 1024;
const DAY_MS = 24 * 60 * 60 * 1000;
const PEERS = [
  '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo',
  '12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X',
  '12D3KooWH3uVF6wv47WnArKHk5p6cvgCJEb74UTmxztmQDc298L3',
];

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
  const peer = { toString: () => 'peer' } as PeerId;

  function bounded(most: number) {
    const { gater, refused, admitsTicket } = connectionBounds({
      connectionsPerAddress: most,
      connectionsPerPeer: Infinity,
    });
    const open = (address: string) =>
      Object.assign(new EventTarget(), {
        status: 'open',
        remoteAddr: multiaddr(address),
      }) as unknown as MultiaddrConnection;
    const comeFrom = (address: string) => {
      const connection = open(address);
      return {
        denied: gater.denyInboundConnection?.(connection),
        prove: () => gater.denyInboundEncryptedConnection?.(peer, connection),
        close: () => connection.dispatchEvent(new Event('close')),
      };
    };
    /** A lane's, which never proves a peer. */
    const showTicketFrom = (address: string) => {
      const connection = open(address);
      return {
        admitted: admitsTicket(connection),
        close: () => connection.dispatchEvent(new Event('close')),
      };
    };
    return { comeFrom, showTicketFrom, refused };
  }

  test('count those from one address until they close, but none from this host', () => {
    const { comeFrom, refused } = bounded(1);
    const first = comeFrom('/ip4/203.0.113.7/tcp/1');
    expect(comeFrom('/ip4/203.0.113.7/tcp/2').denied).toBe(true);
    expect(comeFrom('/ip4/203.0.113.8/tcp/2').denied).toBe(false);
    first.close();
    expect(comeFrom('/ip4/203.0.113.7/tcp/3').denied).toBe(false);
    for (const port of [1, 2, 3]) expect(comeFrom(`/ip4/127.0.0.1/tcp/${port}`).denied).toBe(false);
    expect(comeFrom('/ip6/::1/tcp/1').denied).toBe(false);
    expect(comeFrom('/ip6/::1/tcp/2').denied).toBe(false);
    expect(refused()).toBe(1);
  });

  test('take the addresses that one IPv6 host may give itself for one', () => {
    const { comeFrom } = bounded(1);
    expect(comeFrom('/ip6/2001:db8::1/tcp/1').denied).toBe(false);
    expect(comeFrom('/ip6/2001:db8::ffff:2/tcp/1').denied).toBe(true);
    expect(comeFrom('/ip6/2001:db8:0:0:7:8:9:a/tcp/1').denied).toBe(true);
    expect(comeFrom('/ip6/2001:db8:0:1::1/tcp/1').denied).toBe(false);
    expect(comeFrom('/ip4/203.0.113.7/tcp/1').denied).toBe(false);
    expect(comeFrom('/ip6/::ffff:203.0.113.7/tcp/2').denied).toBe(true);
  });

  test('let no address fill the places of those that have yet to prove who they are', () => {
    const { comeFrom } = bounded(1000);
    const silent = Array.from({ length: 100 }, (_, port) => comeFrom(`/ip4/203.0.113.7/tcp/${port + 1}`));
    const admitted = silent.filter(({ denied }) => denied === false);
    expect(admitted).toHaveLength(64);
    expect(comeFrom('/ip4/203.0.113.8/tcp/1').denied).toBe(false);
    void admitted[0]?.prove();
    admitted[1]?.close();
    const more = Array.from({ length: 3 }, (_, port) => comeFrom(`/ip4/203.0.113.7/tcp/${port + 200}`));
    expect(more.map(({ denied }) => denied)).toEqual([false, false, true]);
    // Who has proved himself and then closes gives back one place, not two.
    admitted[0]?.close();
    expect(comeFrom('/ip4/203.0.113.7/tcp/300').denied).toBe(true);
  });

  test('let an address in that has many lanes, whose tickets prove enough, up to the bound of all it has', () => {
    const { comeFrom, showTicketFrom, refused } = bounded(102);
    const lanes = Array.from({ length: 100 }, (_, port) =>
      showTicketFrom(`/ip4/203.0.113.7/tcp/${port + 1}`),
    );
    expect(lanes.every(({ admitted }) => admitted)).toBe(true);
    expect(comeFrom('/ip4/203.0.113.7/tcp/101').denied).toBe(false);
    expect(showTicketFrom('/ip4/203.0.113.7/tcp/102').admitted).toBe(true);
    expect(showTicketFrom('/ip4/203.0.113.7/tcp/103').admitted).toBe(false);
    expect(comeFrom('/ip4/203.0.113.7/tcp/104').denied).toBe(true);
    expect(showTicketFrom('/ip4/127.0.0.1/tcp/105').admitted).toBe(true);
    expect(refused()).toBe(2);
    lanes[0]?.close();
    expect(showTicketFrom('/ip4/203.0.113.7/tcp/106').admitted).toBe(true);
  });

  test('tell apart those that come through one gateway', () => {
    const { comeFrom } = bounded(1);
    const gateway = `/ip4/203.0.113.7/tcp/4001/p2p/${PEERS[0]}/p2p-circuit/p2p`;
    expect(comeFrom(`${gateway}/${PEERS[1]}`).denied).toBe(false);
    expect(comeFrom(`${gateway}/${PEERS[1]}`).denied).toBe(true);
    expect(comeFrom(`${gateway}/${PEERS[2]}`).denied).toBe(false);
  });
});
