import { generateKeyPair } from '@libp2p/crypto/keys';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import type { Stream } from '@libp2p/interface';
import { describe, expect, it } from 'vitest';
import { Frames } from '../../src/network/wire/frames.ts';
import { fakeChain } from './support/fake-chain.ts';
import { join, until } from './support/networks.ts';
import { claim, claimToAll, protocolOf, stranger } from './support/stranger.ts';

const UNREACHED = 'A bootnode cannot be reached; it is tried again from time to time';
const unreachedBy = ({ lines }: { lines: { level: string; message: string }[] }) =>
  lines.filter(({ message }) => message === UNREACHED).map(({ level }) => level);

describe('boot nodes', () => {
  it('are dialled, but for the node itself, by one connection each', async () => {
    const hub = await join(fakeChain(), { role: 'authority' });
    const privateKey = await generateKeyPair('Ed25519');
    const self = `/ip4/127.0.0.1/tcp/1/p2p/${peerIdFromPrivateKey(privateKey).toString()}`;
    const ws = hub.addresses().find((each) => each.includes('/ws')) ?? '';
    const node = await join(fakeChain(), { privateKey, bootnodes: [self, hub.address, ws, hub.address] });
    await until(() => node.peers().length === 1 && hub.peers().length === 1);
    expect(node.peers().map(({ peerId }) => peerId)).toEqual([hub.peerId]);
    expect(unreachedBy(node)).toEqual([]);
  });

  it('that lose what was opened to them are greeted again', async () => {
    const hub = await stranger();
    const { genesisHash } = fakeChain();
    const streams: Stream[] = [];
    await hub.libp2p.handle(protocolOf(genesisHash, 'block-announces/1'), async (stream) => {
      const frames = new Frames(stream, 1024);
      await frames.next(AbortSignal.timeout(10_000));
      frames.send(claim({ genesisHash }));
      streams.push(stream);
    });
    const node = await join(fakeChain(), { bootnodes: [hub.address] });
    for (const greeted of [1, 2]) {
      await until(() => streams.length === greeted && node.peers().length === 1);
      streams.at(-1)?.abort(new RangeError('Lost'));
    }
    await until(() => streams.length === 3);
    expect(hub.libp2p.getConnections()).toHaveLength(1);
  });

  it('with the address of the node and another peer id are told of, and left alone', async () => {
    const announce = ['/dns4/node.example/tcp/30333'];
    const other = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString();
    const node = await join(fakeChain(), { announce, bootnodes: [`${announce[0]}/p2p/${other}`] });
    expect(node.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('has the address of this node, and another peer id'),
    ]);
  });

  it('that cannot be reached keep nothing from running, and are told of once and tried again', async () => {
    let isDown = true;
    const late = await stranger({ denyInboundConnection: () => isDown });
    const { genesisHash } = fakeChain();
    await claimToAll(late, { genesisHash });
    const hub = await join(fakeChain(), { role: 'authority' });
    const node = await join(fakeChain(), { bootnodes: [late.address, hub.address] });
    await until(() => node.peers().length === 1 && unreachedBy(node).length >= 3);
    expect(unreachedBy(node).slice(0, 3)).toEqual(['warn', 'debug', 'debug']);
    isDown = false;
    await until(() => node.peers().length === 2);
    expect(node.peers().map(({ peerId }) => peerId)).toContain(late.peerId);
  });
});
