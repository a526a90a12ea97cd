/** Bytes that came from a peer, and that went to it. */
export interface Traffic {
  readonly in: number;
  readonly out: number;
}

/** What was relayed for one peer since the start: for connections that it made, and for those made to it. */
export interface PeerTraffic {
  readonly asSource: Traffic;
  readonly asHolder: Traffic;
}

/** The two ends of a circuit: who made it, and the holder of the reservation. */
export interface Ends {
  readonly source: string;
  readonly destination: string;
}

export type Direction = 'from-source' | 'from-holder';

export interface TrafficLedger {
  count(ends: Ends, direction: Direction, bytes: number): void;
  /** By peer, the least recent first; of more than are remembered the least recent are forgotten. */
  byPeer(): ReadonlyMap<string, PeerTraffic>;
  /** Bytes relayed in all, each counted once; those of forgotten peers too. */
  total(): number;
}

/** Peers whose traffic is remembered. */
export const REMEMBERED_PEERS = 10_000;

const NONE: Traffic = { in: 0, out: 0 };

export function trafficLedger(remembered = REMEMBERED_PEERS): TrafficLedger {
  const peers = new Map<string, PeerTraffic>();
  let total = 0;

  function add(peer: string, role: keyof PeerTraffic, way: keyof Traffic, bytes: number): void {
    const known = peers.get(peer) ?? { asSource: NONE, asHolder: NONE };
    const traffic = known[role];
    // Deleted and set again, the map stays in the order of last use.
    peers.delete(peer);
    peers.set(peer, { ...known, [role]: { ...traffic, [way]: traffic[way] + bytes } });
    const [oldest] = peers.keys();
    if (peers.size > remembered && oldest !== undefined) peers.delete(oldest);
  }

  return {
    count({ source, destination }, direction, bytes) {
      const fromSource = direction === 'from-source';
      total += bytes;
      add(source, 'asSource', fromSource ? 'in' : 'out', bytes);
      add(destination, 'asHolder', fromSource ? 'out' : 'in', bytes);
    },
    byPeer: () => new Map(peers),
    total: () => total,
  };
}
