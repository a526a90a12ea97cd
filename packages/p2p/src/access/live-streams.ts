import { PeerError } from '../errors.ts';

export interface StreamBounds {
  readonly perPeer: number;
  /** Of those whose grant was found good; strangers must not be able to take a renter's places. */
  readonly perLease: number;
  readonly total: number;
}

/** One stream's place among those of a provider, from its request until its end. */
export interface Place {
  /** Aborts with the reason when the lease ends, or the provider stops. */
  readonly ended: AbortSignal;
  /** The grant is good: the stream counts for its lease. Throws PeerError TOO_MANY_STREAMS. */
  confirm(): void;
  release(): void;
}

/** The streams of one protocol on a provider, with a bound for each peer, each lease, and all together. */
export interface LiveStreams {
  /** Throws PeerError TOO_MANY_STREAMS. */
  take(peer: string, lease: bigint): Place;
  /** Ends all the streams of a lease, also those that still wait for an answer; returns how many were open. */
  closeLease(lease: bigint): number;
  closeAll(): void;
  /** Open streams by lease. */
  counts(): ReadonlyMap<bigint, number>;
}

interface Entry {
  readonly peer: string;
  readonly lease: bigint;
  readonly end: AbortController;
  confirmed: boolean;
}

export function liveStreams(bounds: StreamBounds): LiveStreams {
  const byLease = new Map<bigint, Set<Entry>>();
  const byPeer = new Map<string, number>();
  let total = 0;

  function add(entry: Entry): void {
    byLease.set(entry.lease, (byLease.get(entry.lease) ?? new Set()).add(entry));
    byPeer.set(entry.peer, (byPeer.get(entry.peer) ?? 0) + 1);
    total += 1;
  }

  function remove(entry: Entry): void {
    const ofLease = byLease.get(entry.lease);
    if (!ofLease?.delete(entry)) return;
    if (ofLease.size === 0) byLease.delete(entry.lease);
    const left = (byPeer.get(entry.peer) ?? 1) - 1;
    if (left === 0) byPeer.delete(entry.peer);
    else byPeer.set(entry.peer, left);
    total -= 1;
  }

  function openOf(lease: bigint): number {
    return [...(byLease.get(lease) ?? [])].filter(({ confirmed }) => confirmed).length;
  }

  function end(lease: bigint, reason: PeerError): number {
    const open = openOf(lease);
    for (const entry of [...(byLease.get(lease) ?? [])]) entry.end.abort(reason);
    return open;
  }

  return {
    take(peer, lease) {
      if ((byPeer.get(peer) ?? 0) >= bounds.perPeer || total >= bounds.total) throw tooManyStreams();
      const entry: Entry = { peer, lease, end: new AbortController(), confirmed: false };
      add(entry);
      return {
        ended: entry.end.signal,
        confirm() {
          entry.end.signal.throwIfAborted();
          if (openOf(lease) >= bounds.perLease) throw tooManyStreams();
          entry.confirmed = true;
        },
        release: () => remove(entry),
      };
    },
    closeLease: (lease) => end(lease, new PeerError('LEASE_ENDED', `Lease ${lease} ended`)),
    closeAll() {
      const reason = new PeerError('PROVIDER_FAILED', 'The provider stops; try again when it is back');
      for (const lease of [...byLease.keys()]) end(lease, reason);
    },
    counts: () =>
      new Map(
        [...byLease.keys()].map((lease) => [lease, openOf(lease)] as const).filter(([, open]) => open > 0),
      ),
  };
}

export function tooManyStreams(): PeerError {
  return new PeerError('TOO_MANY_STREAMS', 'Too many open streams; close some, or try again in a moment');
}
