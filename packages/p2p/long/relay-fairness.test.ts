import { describe, expect, test } from 'vitest';
import type { GatewayHost, RelayLimits } from '../src/index.ts';
import { cleanup } from '../test/support/cleanup.ts';
import { gatewayHost, until } from '../test/support/network.ts';
import { anotherClient, flood, relayedLease } from '../test/support/relayed.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();

/** Clients that send all they can through one gateway, each by so many connections. */
async function flooded(limits: Partial<RelayLimits>, connections: readonly number[]) {
  const acl = { mayReserve: () => true, mayRelay: () => true };
  const gateway = keep(await gatewayHost({ acl, limits }));
  const lease = await relayedLease({ keep, machine: (socket) => socket.resume(), gateways: [gateway] });
  const peers: string[] = [];
  const tunnels = [];
  for (const count of connections) {
    const { client, open } = await anotherClient(lease, keep);
    peers.push(client.peerId);
    for (let each = 0; each < count; each += 1) tunnels.push(await open());
  }
  for (const tunnel of tunnels) flood(tunnel);
  return { gateway, peers };
}

const sentBy = (gateway: GatewayHost, peers: readonly string[]): number[] =>
  peers.map((peer) => gateway.relay.traffic().get(peer)?.asSource.in ?? 0);

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

interface Measured {
  /** What part each had of all. */
  readonly shares: readonly number[];
  readonly bytesPerSecond: readonly number[];
}

/** Lets so many bytes pass first, which hold what was on its way when the limits began to count, and then measures as many. */
async function measured(gateway: GatewayHost, peers: readonly string[], bytes: number): Promise<Measured> {
  const pass = async (): Promise<number[]> => {
    const before = sentBy(gateway, peers);
    const since = (): number[] => sentBy(gateway, peers).map((sent, index) => sent - (before[index] ?? 0));
    await until(() => sum(since()) > bytes, 60_000);
    return since();
  };
  await pass();
  const began = performance.now();
  const parts = await pass();
  const seconds = (performance.now() - began) / 1000;
  return {
    shares: parts.map((part) => part / sum(parts)),
    bytesPerSecond: parts.map((part) => part / seconds),
  };
}

describe('a gateway with a rate', () => {
  test('gives a client with twelve connections no more than those with one', async () => {
    const { gateway, peers } = await flooded({ bytesPerSecond: 2 * MEBIBYTE }, [12, 1, 1]);
    const { shares } = await measured(gateway, peers, 8 * MEBIBYTE);
    const [greedy = 0, ...modest] = shares;
    // By connections it would be six sevenths.
    expect(greedy).toBeLessThan(0.45);
    for (const share of modest) expect(share).toBeGreaterThan(0.22);
  });

  test('holds each client to its own rate, however many connections it has', async () => {
    const rate = MEBIBYTE / 2;
    const limits = { bytesPerSecond: 4 * MEBIBYTE, sourceBytesPerSecond: rate };
    const { gateway, peers } = await flooded(limits, [8, 1]);
    const { shares, bytesPerSecond } = await measured(gateway, peers, 4 * MEBIBYTE);
    const [greedy = 0, modest = 0] = shares;
    expect(greedy / modest).toBeGreaterThan(0.5);
    expect(greedy / modest).toBeLessThan(2);
    for (const speed of bytesPerSecond) expect(speed).toBeLessThan(1.3 * rate);
  });
});
