import type { RelayLimits } from './relay-options.ts';
import type { Cut } from './tally.ts';
import type { Ends } from './traffic.ts';

/** One relayed connection. */
export interface Circuit {
  /** Its bytes go from socket to socket, encrypted between the two ends. */
  readonly isLane?: true;
  /** Cuts both of its streams. */
  abort(cut: Cut): void;
  /** Bytes that wait in its streams. */
  buffered(): number;
}

/** A place taken for a circuit that is being made, or lives. */
export interface CircuitPlace {
  /** Puts the finished circuit in its place. */
  fill(circuit: Circuit): void;
  release(): void;
}

export interface Circuits {
  /** undefined when a bound forbids one more. */
  take(ends: Ends): CircuitPlace | undefined;
  /** Cuts all circuits to or from a peer; returns how many. */
  abortOf(peer: string, cut: Cut): number;
  /** How many there are: all, or those of a source, or to a destination. */
  of(ends: Partial<Ends>): number;
  /** How many of them are lanes. */
  lanes(): number;
  /** Bytes that wait in memory for slow readers. */
  buffered(): number;
  /** Cuts those that hold most, until less than the bound is held. */
  shed(): void;
}

interface Entry extends Ends {
  circuit: Circuit | undefined;
}

export function circuits(limits: RelayLimits): Circuits {
  const entries = new Set<Entry>();

  function of({ source, destination }: Partial<Ends>): number {
    const found = [...entries].filter(
      (entry) =>
        (source === undefined || entry.source === source) &&
        (destination === undefined || entry.destination === destination),
    );
    return found.length;
  }

  function isFull({ source, destination }: Ends): boolean {
    return (
      entries.size >= limits.circuits ||
      of({ source }) >= limits.circuitsPerSource ||
      of({ destination }) >= limits.circuitsPerDestination
    );
  }

  function buffered(): number {
    let sum = 0;
    for (const { circuit } of entries) sum += circuit?.buffered() ?? 0;
    return sum;
  }

  return {
    take(ends) {
      if (isFull(ends)) return undefined;
      const entry: Entry = { ...ends, circuit: undefined };
      entries.add(entry);
      return {
        fill: (circuit) => {
          entry.circuit = circuit;
        },
        release: () => entries.delete(entry),
      };
    },
    abortOf(peer, cut) {
      const hit = [...entries].filter((entry) => entry.source === peer || entry.destination === peer);
      for (const entry of hit) entry.circuit?.abort(cut);
      return hit.length;
    },
    of,
    lanes: () => [...entries].filter(({ circuit }) => circuit?.isLane).length,
    buffered,
    shed() {
      let excess = buffered() - limits.bufferedBytes;
      if (excess <= 0) return;
      const held = [...entries].flatMap(({ circuit }) =>
        circuit ? [{ circuit, bytes: circuit.buffered() }] : [],
      );
      for (const { circuit, bytes } of held.sort((a, b) => b.bytes - a.bytes)) {
        if (excess <= 0) return;
        circuit.abort('memory');
        excess -= bytes;
      }
    },
  };
}
