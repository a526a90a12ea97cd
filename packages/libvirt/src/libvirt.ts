import type { Duplex } from 'node:stream';
import { agentCommand } from './api/agent.ts';
import { openConsole } from './api/console.ts';
import { Domains } from './api/domains.ts';
import { Host } from './api/host.ts';
import { LifecycleEvents } from './api/lifecycle-events.ts';
import type { LifecycleEvent } from './api/lifecycle-events.ts';
import { NetworkFilters } from './api/network-filters.ts';
import { Networks } from './api/networks.ts';
import type { DomainRef } from './api/references.ts';
import { domainStatistics } from './api/statistics.ts';
import type { DomainStatistics } from './api/statistics.ts';
import type { LibvirtConnectionError } from './errors.ts';
import { PROCEDURE } from './procedures.ts';
import { boundedRpc } from './rpc/bounded-rpc.ts';
import type { CallOptions, Rpc } from './rpc/connection.ts';
import { XdrWriter } from './xdr/writer.ts';

/** One open connection to a hypervisor. When it is lost, every pending call rejects and `onClose` is told. */
export class Libvirt {
  readonly host: Host;
  readonly domains: Domains;
  readonly networks: Networks;
  readonly filters: NetworkFilters;
  readonly #events: LifecycleEvents;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, events = new LifecycleEvents(rpc)) {
    this.#rpc = rpc;
    this.host = new Host(rpc);
    this.domains = new Domains(rpc);
    this.networks = new Networks(rpc);
    this.filters = new NetworkFilters(rpc);
    this.#events = events;
  }

  get closed(): boolean {
    return this.#rpc.closed;
  }

  /** The same connection, all of whose calls also end with `signal`. Events and `close` are shared. */
  bounded(signal: AbortSignal): Libvirt {
    return new Libvirt(boundedRpc(this.#rpc, signal), this.#events);
  }

  /** Resolves once events come; returns the function that ends it. */
  onLifecycle(listener: (event: LifecycleEvent) => void): Promise<() => void> {
    return this.#events.on(listener);
  }

  onClose(listener: (error: LibvirtConnectionError) => void): () => void {
    return this.#rpc.onClose(listener);
  }

  statistics(
    query: { domains?: readonly DomainRef[]; groups?: number } = {},
    options?: CallOptions,
  ): Promise<DomainStatistics[]> {
    return domainStatistics(this.#rpc, query, options);
  }

  /** The domain's serial console, both ways. */
  console(domain: DomainRef, options?: CallOptions): Promise<Duplex> {
    return openConsole(this.#rpc, domain, options);
  }

  agent(domain: DomainRef, command: object, options?: CallOptions): Promise<unknown> {
    return agentCommand(this.#rpc, domain, command, options);
  }

  /** Says good-bye and closes; domains run on. */
  async close(): Promise<void> {
    if (this.closed) return;
    const goodbye = { procedure: PROCEDURE.connectClose, args: new XdrWriter() };
    // The daemon may already be gone, which is just as closed.
    await this.#rpc.call(goodbye, { timeoutMs: 2_000 }).catch(() => undefined);
    this.#rpc.close();
  }
}
