import { describe, expect, test } from 'vitest';
import { cleanup } from '../test/support/cleanup.ts';
import { gatewayHost, until } from '../test/support/network.ts';
import { anotherClient, flood, relayedLease } from '../test/support/relayed.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();

describe('a gateway with a rate', () => {
  test('shares its rate between a client with six connections and one with one', async () => {
    const relay = {
      acl: { mayReserve: () => true, mayRelay: () => true },
      limits: { bytesPerSecond: MEBIBYTE },
    };
    const gateway = keep(await gatewayHost(relay));
    const lease = await relayedLease({ keep, machine: (socket) => socket.resume(), gateways: [gateway] });
    const greedy = await anotherClient(lease, keep);
    const modest = await anotherClient(lease, keep);
    const tunnels = [await modest.open()];
    while (tunnels.length < 7) tunnels.push(await greedy.open());
    for (const tunnel of tunnels) flood(tunnel);
    const sent = (peer: string): number => gateway.relay.traffic().get(peer)?.asSource.in ?? 0;
    const before = { greedy: sent(greedy.client.peerId), modest: sent(modest.client.peerId) };
    await until(() => sent(greedy.client.peerId) > before.greedy + 2 * MEBIBYTE);
    // By connections it would be a sixth of the other's.
    expect(sent(modest.client.peerId) - before.modest).toBeGreaterThan((2 * MEBIBYTE) / 3);
  });
});
