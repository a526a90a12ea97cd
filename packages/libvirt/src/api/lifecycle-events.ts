import { PROCEDURE } from '../procedures.ts';
import type { Rpc } from '../rpc/connection.ts';
import { XdrWriter } from '../xdr/writer.ts';
import { readDomain } from './references.ts';
import type { DomainRef } from './references.ts';

/** virDomainEventType, in its order. */
const EVENTS = [
  'defined',
  'undefined',
  'started',
  'suspended',
  'resumed',
  'stopped',
  'shutdown',
  'pm-suspended',
  'crashed',
] as const;

export type LifecycleEvent = {
  domain: DomainRef;
  event: (typeof EVENTS)[number] | 'unknown';
  /** libvirt's finer reason, whose meaning depends on the event. */
  detail: number;
};

const LIFECYCLE = 0;

/** Events of one connection; the daemon is asked once, however many listen. */
export class LifecycleEvents {
  readonly #rpc: Rpc;
  readonly #listeners = new Set<(event: LifecycleEvent) => void>();
  #registered: Promise<unknown> | undefined;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
  }

  /** Resolves once the daemon sends events; returns the function that ends it. */
  async on(listener: (event: LifecycleEvent) => void): Promise<() => void> {
    this.#registered ??= this.#register();
    this.#listeners.add(listener);
    await this.#registered;
    return () => void this.#listeners.delete(listener);
  }

  async #register(): Promise<void> {
    this.#rpc.on(PROCEDURE.domainEventLifecycle, (reader) => {
      reader.i32(); // The callback's number, of which there is one.
      const domain = readDomain(reader);
      const event = EVENTS[reader.i32()] ?? 'unknown';
      const detail = reader.i32();
      for (const listener of this.#listeners) listener({ domain, event, detail });
    });
    // No domain given: events of all.
    const args = new XdrWriter().i32(LIFECYCLE).u32(0);
    await this.#rpc.call({ procedure: PROCEDURE.connectDomainEventRegisterAny, args });
  }
}
