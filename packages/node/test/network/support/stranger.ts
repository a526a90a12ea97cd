import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { identify } from '@libp2p/identify';
import type { Connection, ConnectionGater, Libp2p, Stream } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { onTestFinished } from 'vitest';
import { encodeHandshake } from '../../../src/network/messages/announcements.ts';
import { Frames } from '../../../src/network/wire/frames.ts';
import type { Hash } from '../../../src/header.ts';

/** A host that says whatever a test wants. */
export interface Stranger {
  readonly libp2p: Libp2p;
  readonly peerId: string;
  readonly address: string;
  dial(address: string): Promise<Connection>;
}

export async function stranger(connectionGater: ConnectionGater = {}): Promise<Stranger> {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
    connectionGater,
  });
  onTestFinished(() => libp2p.stop());
  return {
    libp2p,
    peerId: libp2p.peerId.toString(),
    address: libp2p.getMultiaddrs()[0]?.toString() ?? '',
    dial: (address) => libp2p.dial(multiaddr(address)),
  };
}

export const protocolOf = (genesis: Hash, name: string): string => `/${genesis.slice(2)}/${name}`;

export interface Claim {
  readonly genesisHash: Hash;
  readonly number?: number;
}

/** A handshake that claims a best block which nobody has ever seen. */
export const claim = ({ genesisHash, number = 0 }: Claim): Uint8Array =>
  encodeHandshake({ role: 'full', bestNumber: number, bestHash: genesisHash, genesisHash });

/** Opens block-announces as a peer does, and waits for the answer. */
export async function introduce(connection: Connection, what: Claim): Promise<Stream> {
  const stream = await connection.newStream(protocolOf(what.genesisHash, 'block-announces/1'));
  const frames = new Frames(stream, 1024);
  frames.send(claim(what));
  await frames.next(AbortSignal.timeout(10_000));
  return stream;
}

/** Answers whoever introduces itself with such a claim, and introduces itself in turn. */
export const claimToAll = ({ libp2p }: Stranger, what: Claim): Promise<void> =>
  libp2p.handle(protocolOf(what.genesisHash, 'block-announces/1'), async (stream, connection) => {
    const frames = new Frames(stream, 1024);
    await frames.next(AbortSignal.timeout(10_000));
    frames.send(claim(what));
    await introduce(connection, what).catch(() => undefined);
  });

/** Resolves when the connection is gone. */
export function gone(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    if (connection.status !== 'open') return resolve();
    connection.addEventListener('close', () => resolve());
  });
}
