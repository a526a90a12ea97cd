import type { Multiaddr } from '@multiformats/multiaddr';
import { peerIdFromString } from '@libp2p/peer-id';
import { type BootnodeParts, keepConnected, parseAddress, peerOf } from './bootnodes.ts';
import { NetworkError } from './errors.ts';
import type { Peers } from './peers.ts';

/** Peers that more would only be a mistake of: each is dialled for as long as the node runs. */
const MOST = 256;

export interface ReservedParts extends Omit<BootnodeParts, 'kind'> {
  readonly peers: Pick<Peers, 'reserved'>;
}

interface Reserved {
  readonly addresses: readonly Multiaddr[];
  readonly stop: AbortController;
}

/** Peers that the operator wants to be connected to, for as long as this node runs. They need no free place. */
export class ReservedPeers {
  readonly #parts: ReservedParts;
  readonly #reserved = new Map<string, Reserved>();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: ReservedParts) {
    this.#parts = parts;
  }

  /** Peer ids. */
  list(): readonly string[] {
    return [...this.#reserved.keys()];
  }

  /** A multiaddr with its peer id; another one of the same peer is tried besides. Throws NETWORK_ADDRESS. */
  add(text: string): void {
    const address = parseAddress(text, 'reserved peer');
    const peer = peerOf(address);
    if (peer === this.#parts.libp2p.peerId.toString()) {
      throw new NetworkError('NETWORK_ADDRESS', `${peer} is this node itself, which cannot be its own peer`);
    }
    const known = this.#reserved.get(peer);
    if (!known && this.#reserved.size >= MOST) {
      throw new NetworkError('NETWORK_ADDRESS', `There are ${MOST} reserved peers: remove one first`);
    }
    const addresses = (known?.addresses ?? []).filter((each) => !each.equals(address));
    known?.stop.abort();
    this.#keep(peer, [...addresses, address].slice(-MOST));
  }

  /** It stays connected as any other peer, as with Substrate. Of one that is not reserved nothing changes. Throws NETWORK_ADDRESS. */
  remove(text: string): void {
    const peer = parsePeerId(text);
    this.#reserved.get(peer)?.stop.abort();
    this.#reserved.delete(peer);
    this.#parts.peers.reserved.delete(peer);
  }

  /** Resolves when none is dialled any more: the network has been told to stop. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #keep(peer: string, addresses: readonly Multiaddr[]): void {
    const stop = new AbortController();
    this.#reserved.set(peer, { addresses, stop });
    this.#parts.peers.reserved.add(peer);
    const signal = AbortSignal.any([this.#parts.signal, stop.signal]);
    const running = keepConnected({ ...this.#parts, kind: 'reserved peer', signal }, addresses);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }
}

function parsePeerId(text: string): string {
  try {
    return peerIdFromString(text).toString();
  } catch (cause) {
    throw new NetworkError('NETWORK_ADDRESS', `"${text}" is no peer id: it must be like 12D3Koo…`, { cause });
  }
}
