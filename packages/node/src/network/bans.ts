/** Peers at most; the one banned first is forgotten first. */
const MOST = 4096;

export interface Bans {
  add(peer: string): void;
  has(peer: string): boolean;
}

/** Who is not let in for a while. `now` is a monotonic clock in ms. */
export function createBans(banMs: number, now: () => number = () => performance.now()): Bans {
  const until = new Map<string, number>();

  function has(peer: string): boolean {
    const end = until.get(peer);
    if (end === undefined) return false;
    if (end > now()) return true;
    until.delete(peer);
    return false;
  }

  return {
    has,
    add(peer) {
      until.delete(peer);
      until.set(peer, now() + banMs);
      const [oldest] = until.keys();
      if (until.size > MOST && oldest !== undefined) until.delete(oldest);
    },
  };
}
