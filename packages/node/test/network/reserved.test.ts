import { describe, expect, it } from 'vitest';
import { fakeChain } from './support/fake-chain.ts';
import { join, until } from './support/networks.ts';
import { claimToAll, stranger } from './support/stranger.ts';

/** A peer that counts how often it was dialled, and a node. */
async function withHub() {
  let dialled = 0;
  const hub = await stranger({ denyInboundConnection: () => (dialled++, false) });
  await claimToAll(hub, fakeChain());
  const hangUp = () => Promise.all(hub.libp2p.getConnections().map((connection) => connection.close()));
  return {
    node: await join(fakeChain()),
    hub: {
      ...hub,
      hangUp,
      get dialled() {
        return dialled;
      },
    },
  };
}

const idsOf = (node: { peers(): readonly { peerId: string }[] }) => node.peers().map(({ peerId }) => peerId);

describe('a reserved peer', () => {
  it('is dialled while the node runs, and again when it is lost', async () => {
    const { hub, node } = await withHub();
    node.reserved.add(hub.address);
    expect(node.reserved.list()).toEqual([hub.peerId]);
    for (const times of [1, 2]) {
      await until(() => hub.dialled === times && idsOf(node).includes(hub.peerId));
      await hub.hangUp();
    }
    await until(() => hub.dialled === 3 && idsOf(node).includes(hub.peerId));
  });

  it('may have several addresses, of which the first is dead', async () => {
    const hub = await join(fakeChain());
    const node = await join(fakeChain());
    node.reserved.add(`/ip4/127.0.0.1/tcp/1/p2p/${hub.peerId}`);
    node.reserved.add(hub.address);
    expect(node.reserved.list()).toEqual([hub.peerId]);
    await until(() => idsOf(node).includes(hub.peerId));
  });

  it('that is removed stays connected as anybody else, and is not dialled any more', async () => {
    const { hub, node } = await withHub();
    const { hub: other } = await withHub();
    for (const each of [hub, other]) node.reserved.add(each.address);
    await until(() => node.peers().length === 2);
    node.reserved.remove(hub.peerId);
    node.reserved.remove(hub.peerId);
    expect(node.reserved.list()).toEqual([other.peerId]);
    expect(idsOf(node)).toEqual(expect.arrayContaining([hub.peerId]));
    await hub.hangUp();
    // Each of them lost when the first one was gone already: it would have been dialled before.
    for (const times of [2, 3]) {
      await other.hangUp();
      await until(() => other.dialled === times && idsOf(node).includes(other.peerId));
    }
    expect(hub.dialled).toBe(1);
    expect(idsOf(node)).toEqual([other.peerId]);
  });

  it('finds a place where all are taken', async () => {
    const full = await join(fakeChain(), { limits: { peers: 1 } });
    const first = await join(fakeChain(), { bootnodes: [full.address] });
    await until(() => full.peers().length === 1);
    const late = await join(fakeChain());
    full.reserved.add(late.address);
    await until(() => full.peers().length === 2 && late.peers().length === 1);
    expect(idsOf(full)).toEqual(expect.arrayContaining([first.peerId, late.peerId]));
  });

  it.each([
    ['an address without a peer', () => '/ip4/127.0.0.1/tcp/30333'],
    ['no address', () => 'hub.example:30333'],
    ['the node itself', (own: string) => own],
  ])('cannot be %s', async (_, make) => {
    const node = await join(fakeChain());
    expect(() => node.reserved.add(make(node.address))).toThrow(
      expect.objectContaining({
        code: 'NETWORK_ADDRESS',
        message: expect.not.stringContaining('bootnode') as string,
      }),
    );
    expect(() => node.reserved.remove('nobody')).toThrow(
      expect.objectContaining({ code: 'NETWORK_ADDRESS' }),
    );
    expect(node.reserved.list()).toEqual([]);
  });
});
