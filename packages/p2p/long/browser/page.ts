import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import { webSockets } from '@libp2p/websockets';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';

/** What a test tells the page to do, by `globalThis.peer`. */
export interface BrowserPeer {
  readonly peerId: string;
  /** Connects, anew if there is a connection already. */
  connect(address: string): Promise<void>;
  /** Sends bytes on a stream of the connection to that peer, and hands back all that comes until the other side has ended. */
  ask(peer: string, protocol: string, bytes: readonly number[]): Promise<number[]>;
  /** The states of all its connections to that peer. */
  connections(peer: string): string[];
}

/** The stock library as any page on the internet would use it, with nothing of ours. */
const host = await createLibp2p({
  transports: [webSockets(), circuitRelayTransport()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify() },
  // In browsers the library dials no private address unless told to.
  connectionGater: { denyDialMultiaddr: () => false },
});

const to = (peer: string) => host.getConnections().filter((one) => one.remotePeer.toString() === peer);

const peer: BrowserPeer = {
  peerId: host.peerId.toString(),
  async connect(address) {
    await host.dial(multiaddr(address), { force: true });
  },
  async ask(provider, protocol, bytes) {
    const connection = to(provider).at(-1);
    const stream = await connection?.newStream(protocol, { runOnLimitedConnection: true });
    if (stream === undefined) return [];
    stream.send(Uint8Array.from(bytes));
    const answer: number[] = [];
    for await (const part of stream) answer.push(...part.subarray());
    return answer;
  },
  connections: (peerId) => to(peerId).map(({ status }) => status),
};

Object.assign(globalThis, { peer });
