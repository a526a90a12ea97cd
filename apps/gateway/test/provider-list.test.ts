import { createGatewayHost, createHost, createIdentity } from '@hamster/p2p';
import { afterEach, describe, expect, test } from 'vitest';
import { followProviders } from '../src/access/provider-list.ts';
import { FakeChain, silent, until } from './support.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function listOf(chain: FakeChain) {
  const clock = { now: 0, reads: 0 };
  const read = () => {
    clock.reads += 1;
    return chain.providers();
  };
  const list = followProviders({ read, log: silent, clock: () => clock.now });
  cleanups.push(list.stop);
  return { list, clock };
}

describe('the list of providers', () => {
  test('is asked again for a peer that it does not know, but not all the time', async () => {
    const chain = new FakeChain();
    const { list, clock } = listOf(chain);
    expect(await list.has('new')).toBe(false);
    chain.peers = ['new'];
    expect(await list.has('new')).toBe(false);
    expect(clock.reads).toBe(1);
    clock.now += 1000;
    expect(await Promise.all([list.has('new'), list.has('other'), list.has('new')])).toEqual([
      true,
      false,
      true,
    ]);
    expect(clock.reads).toBe(2);
  });

  test('stands as it was while the chain is away', async () => {
    const chain = new FakeChain();
    chain.peers = ['known'];
    const { list, clock } = listOf(chain);
    await list.refresh();
    chain.away = true;
    clock.now += 5000;
    await list.refresh();
    expect(await list.has('known')).toBe(true);
    expect(await list.has('unknown')).toBe(false);
  });

  test('decides who gets a reservation, and who loses it', async () => {
    const chain = new FakeChain();
    const { list, clock } = listOf(chain);
    const gateway = await createGatewayHost({
      identity: await createIdentity(),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      relay: { acl: { mayReserve: list.has, mayRelay: () => true } },
    });
    cleanups.push(() => gateway.stop());
    const provider = await createHost({ identity: await createIdentity() });
    cleanups.push(() => provider.stop());
    await provider.libp2p.dial(gateway.libp2p.getMultiaddrs());
    await expect(provider.circuits.reserve(gateway.peerId)).rejects.toMatchObject({
      code: 'RESERVATION_REFUSED',
    });

    chain.peers = [provider.peerId];
    clock.now += 1000;
    await provider.circuits.reserve(gateway.peerId);
    expect(gateway.relay.reservations()).toHaveLength(1);

    list.onRead(() => void gateway.relay.recheck());
    chain.peers = [];
    await list.refresh();
    await until(() => gateway.relay.reservations().length === 0);
  });
});
