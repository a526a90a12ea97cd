import { afterEach, expect, test, vi } from 'vitest';
import { cleanup } from './support/cleanup.ts';
import { gatewayHost, listing, peerHost, reachable, until } from './support/network.ts';

const DAY = 24 * 3_600_000;
const keep = cleanup();
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('a reservation outlives days in which nothing happens, and is never lost in between', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const clocks = vi.spyOn(globalThis, 'setTimeout');
  /** How often the provider has set its clock for the next renewal, which it does when it has heard of the last one. */
  const renewals = (): number => clocks.mock.calls.filter(([, ms = 0]) => ms > DAY / 2).length;
  const gateway = keep(await gatewayHost());
  const provider = keep(await peerHost());
  keep(await reachable(provider, () => [listing(gateway)]));
  await until(() => renewals() === 1);
  const [first] = gateway.relay.reservations();
  expect(first?.expiresAt).toBeLessThanOrEqual(Date.now() + DAY);
  for (let day = 1; day <= 3; day++) {
    vi.advanceTimersByTime(DAY - 60_000);
    // Made anew before the old one ended, a minute from now.
    await until(() => (gateway.relay.reservations()[0]?.expiresAt ?? 0) > Date.now() + DAY / 2);
    expect(gateway.relay.reservations()).toMatchObject([{ peer: provider.peerId, since: first?.since }]);
    await until(() => renewals() === day + 1);
    expect(provider.circuits.holds(gateway.peerId)).toBe(true);
  }
});
