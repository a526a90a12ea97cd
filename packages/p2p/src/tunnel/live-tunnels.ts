import type { Duplex } from 'node:stream';
import { PeerError } from '../errors.ts';

/** The open tunnels of a provider by lease, with a bound for each peer and for all together. */
export interface LiveTunnels {
  /** Takes a place. Throws PeerError TOO_MANY_STREAMS. The returned function gives it back. */
  reserve(peer: string): () => void;
  add(lease: bigint, tunnel: Duplex): void;
  /** Cuts all the tunnels of a lease and returns how many there were. */
  closeLease(lease: bigint): number;
  closeAll(): void;
  /** Open tunnels by lease. */
  counts(): ReadonlyMap<bigint, number>;
}

export function liveTunnels(limits: { perPeer: number; total: number }): LiveTunnels {
  const byLease = new Map<bigint, Set<Duplex>>();
  const byPeer = new Map<string, number>();
  let total = 0;

  function closeLease(lease: bigint): number {
    const tunnels = [...(byLease.get(lease) ?? [])];
    for (const tunnel of tunnels) tunnel.destroy(new PeerError('LEASE_ENDED', `Lease ${lease} ended`));
    return tunnels.length;
  }

  return {
    reserve(peer) {
      const ofPeer = byPeer.get(peer) ?? 0;
      if (ofPeer >= limits.perPeer || total >= limits.total) {
        throw new PeerError(
          'TOO_MANY_STREAMS',
          'Too many open tunnels; close some, or try again in a moment',
        );
      }
      byPeer.set(peer, ofPeer + 1);
      total += 1;
      return () => {
        const left = (byPeer.get(peer) ?? 1) - 1;
        if (left === 0) byPeer.delete(peer);
        else byPeer.set(peer, left);
        total -= 1;
      };
    },

    add(lease, tunnel) {
      const tunnels = byLease.get(lease) ?? new Set();
      byLease.set(lease, tunnels.add(tunnel));
      tunnel.once('close', () => {
        tunnels.delete(tunnel);
        if (tunnels.size === 0 && byLease.get(lease) === tunnels) byLease.delete(lease);
      });
    },

    closeLease,
    closeAll() {
      for (const lease of [...byLease.keys()]) closeLease(lease);
    },
    counts: () => new Map([...byLease].map(([lease, tunnels]) => [lease, tunnels.size])),
  };
}
