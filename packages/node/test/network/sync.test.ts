import { describe, expect, it } from 'vitest';
import { fakeChain } from './support/fake-chain.ts';
import { join, until } from './support/networks.ts';

describe('a full node', () => {
  it('catches up with its bootnode, then follows it', async () => {
    const source = fakeChain();
    source.grow(300);
    const author = await join(source, { role: 'authority' });
    const copy = fakeChain();
    const full = await join(copy, { bootnodes: [author.address] });
    await until(() => copy.best().number === 300);
    source.grow(3);
    await until(() => copy.best().number === 303);
    expect(copy.best()).toEqual(source.best());
    expect(full.peers()).toMatchObject([{ peerId: author.peerId, role: 'authority' }]);
    expect(author.peers()).toMatchObject([{ peerId: full.peerId, role: 'full' }]);
    expect(full.isSyncing()).toBe(false);
  });
});
