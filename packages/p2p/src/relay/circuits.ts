import type { RelayLimits } from './relay-options.ts';

/** One relayed connection. */
export interface Circuit {
  readonly source: string;
  readonly destination: string;
  /** Cuts both of its streams. */
  abort(reason: Error): void;
}

/** A place taken for a circuit that is being made, or lives. */
export interface CircuitPlace {
  /** Puts the finished circuit in its place. */
  fill(circuit: Circuit): void;
  /** Counts relayed bytes; returns how many have gone over this circuit in all. */
  count(bytes: number): number;
  release(): void;
}

export interface Circuits {
  /** undefined when a bound forbids one more. */
  take(source: string, destination: string): CircuitPlace | undefined;
  /** Cuts all circuits to or from a peer; returns how many. */
  abortOf(peer: string, reason: Error): number;
  size(): number;
  /** Bytes relayed for each peer, as source or destination, since the start; the least recent are forgotten. */
  traffic(): ReadonlyMap<string, number>;
}

/** Peers whose traffic is remembered. */
const REMEMBERED = 10_000;

interface Entry {
  readonly source: string;
  readonly destination: string;
  circuit: Circuit | undefined;
}

export function circuits(limits: RelayLimits): Circuits {
  const entries = new Set<Entry>();
  const traffic = new Map<string, number>();

  function add(peer: string, bytes: number): void {
    const before = traffic.get(peer) ?? 0;
    // Deleted and set again, the map stays in the order of last use.
    traffic.delete(peer);
    traffic.set(peer, before + bytes);
    const [oldest] = traffic.keys();
    if (traffic.size > REMEMBERED && oldest !== undefined) traffic.delete(oldest);
  }

  function isFull(source: string, destination: string): boolean {
    const all = [...entries];
    return (
      all.length >= limits.circuits ||
      all.filter((entry) => entry.source === source).length >= limits.circuitsPerSource ||
      all.filter((entry) => entry.destination === destination).length >= limits.circuitsPerDestination
    );
  }

  return {
    take(source, destination) {
      if (isFull(source, destination)) return undefined;
      const entry: Entry = { source, destination, circuit: undefined };
      entries.add(entry);
      let total = 0;
      return {
        fill: (circuit) => {
          entry.circuit = circuit;
        },
        count: (bytes) => {
          add(source, bytes);
          add(destination, bytes);
          return (total += bytes);
        },
        release: () => entries.delete(entry),
      };
    },
    abortOf(peer, reason) {
      const hit = [...entries].filter((entry) => entry.source === peer || entry.destination === peer);
      for (const entry of hit) entry.circuit?.abort(reason);
      return hit.length;
    },
    size: () => entries.size,
    traffic: () => new Map(traffic),
  };
}
