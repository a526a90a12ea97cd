/** Streams whose request has not come yet: strangers can open them for nothing, and say nothing on them. */
export interface Lobby {
  /** `turnOut` is called when others need the place. Returns what gives it back. */
  enter(peer: string, turnOut: () => void): () => void;
}

export interface LobbyBounds {
  readonly perPeer: number;
  readonly total: number;
}

/**
 * When it is full, the oldest stream of the peer that has most has to go: a request comes with its stream, or a moment later, so
 * that whoever waits for long, in numbers, is not a renter.
 */
export function lobby({ perPeer, total }: LobbyBounds): Lobby {
  const byPeer = new Map<string, Set<() => void>>();
  let size = 0;

  function leave(peer: string, turnOut: () => void): void {
    const waiting = byPeer.get(peer);
    if (!waiting?.delete(turnOut)) return;
    size -= 1;
    if (waiting.size === 0) byPeer.delete(peer);
  }

  function turnOutOldestOf(peer: string): void {
    const [oldest] = byPeer.get(peer) ?? [];
    if (!oldest) return;
    leave(peer, oldest);
    oldest();
  }

  function largest(): string {
    const [first] = [...byPeer].toSorted(([, one], [, other]) => other.size - one.size);
    return first?.[0] ?? '';
  }

  return {
    enter(peer, turnOut) {
      if ((byPeer.get(peer)?.size ?? 0) >= perPeer) turnOutOldestOf(peer);
      else if (size >= total) turnOutOldestOf(largest());
      byPeer.set(peer, (byPeer.get(peer) ?? new Set()).add(turnOut));
      size += 1;
      return () => leave(peer, turnOut);
    },
  };
}
