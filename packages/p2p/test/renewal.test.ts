import { afterEach, expect, test, vi } from 'vitest';
import { cleanup } from './support/cleanup.ts';
import { gatewayHost, listing, peerHost, reachable, until } from './support/network.ts';

const DAY = 24 * 3_600_000;
const keep = cleanup();
afterEach(() => {
  vi.useRealTimers();
});

test('a reservation outlives days in which nothing happens, and is never lost in between', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const gateway = keep(await gatewayHost());
  const provider = keep(await peerHost());
  keep(await reachable(provider, () => [listing(gateway)]));
  const [first] = gateway.relay.reservations();
  expect(first?.expiresAt).toBeLessThanOrEqual(Date.now() + DAY);
  for (let day = 1; day <= 3; day++) {
    vi.advanceTimersByTime(DAY - 60_000);
    // Made anew before the old one ended, a minute from now.
    await until(() => (gateway.relay.reservations()[0]?.expiresAt ?? 0) > Date.now() + DAY / 2);
    expect(gateway.relay.reservations()).toMatchObject([{ peer: provider.peerId, since: first?.since }]);
    await until(() => provider.circuits.holds(gateway.peerId));
  }
});
