import type { RpcLimits } from '../context.ts';
import type { Connection } from './connection.ts';
import { isLoopback } from './gate.ts';

type Bounds = Pick<RpcLimits, 'connections' | 'connectionsPerAddress'>;

/** Open WebSockets, and how many each address has of them. */
export class Connections {
  readonly #limits: Bounds;
  readonly #open = new Set<Connection>();
  readonly #byAddress = new Map<string, number>();
  #opened = 0;

  constructor(limits: Bounds) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many there have been so far. */
  get opened(): number {
    return this.#opened;
  }

  all(): readonly Connection[] {
    return [...this.#open];
  }

  /** Why this address may not open one more; undefined when it may. */
  refusal(address: string): string | undefined {
    const { connections, connectionsPerAddress } = this.#limits;
    if (this.#open.size >= connections) {
      return `Too many connections: ${connections} at one time. Please try again later.\n`;
    }
    if (isLoopback(address) || (this.#byAddress.get(address) ?? 0) < connectionsPerAddress) return undefined;
    return `Too many connections from ${address}: ${connectionsPerAddress} at one time. Please try again later.\n`;
  }

  /** Returns the removal. */
  add(connection: Connection, address: string): () => void {
    this.#open.add(connection);
    this.#opened += 1;
    this.#count(address, 1);
    return () => {
      if (this.#open.delete(connection)) this.#count(address, -1);
    };
  }

  #count(address: string, change: number): void {
    const count = (this.#byAddress.get(address) ?? 0) + change;
    if (count > 0) this.#byAddress.set(address, count);
    else this.#byAddress.delete(address);
  }
}
