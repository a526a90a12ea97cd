import type { Duplex } from 'node:stream';
import type { ChainClient, Lease } from '@hamster/chain-client';
import { isLive } from '@hamster/chain-client/market';
import { sentenceOf } from '@hamster/daemon';
import type { StatusAnswer } from '@hamster/p2p';
import { CliError, EXIT } from '../cli/errors.ts';
import type { Session } from '../access/session.ts';
import type { MachineLink } from './link.ts';

/** How a lease stands with this daemon. Times are ms since 1970. */
export interface KeptLease {
  readonly lease: Lease;
  readonly connection: 'connecting' | 'connected' | 'unreachable';
  /** What the provider says of the machine, while connected. */
  readonly machine?: StatusAnswer['state'] | undefined;
  /** Why it is not connected, in a sentence. */
  readonly why?: string | undefined;
  /** Since when the connection is as it is, by this computer's clock. */
  readonly since: number;
}

export interface KeeperOptions {
  readonly chain: Pick<ChainClient, 'leasesOf'>;
  readonly address: string;
  /** Asks the chain how to reach a lease. */
  openSession(id: number): Promise<Session>;
  connect(session: Session): Promise<MachineLink>;
  now(): number;
  /** Told when a lease comes, goes, or its connection changes. */
  onChange(kept: KeptLease): void;
  onEnd(id: number): void;
}

interface Entry {
  kept: KeptLease;
  link?: MachineLink;
}

/** So long may a machine take to say how it is. */
const ASK_MS = 20_000;

/** Keeps the way to every running lease of an account open, so that the next tunnel begins at once. */
export class LeaseKeeper {
  readonly #options: KeeperOptions;
  readonly #entries = new Map<number, Entry>();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Running leases, by id. */
  leases(): KeptLease[] {
    return [...this.#entries.values()].map(({ kept }) => kept).sort((a, b) => a.lease.id - b.lease.id);
  }

  lease(id: number): KeptLease | undefined {
    return this.#entries.get(id)?.kept;
  }

  /** Reads the chain anew, and asks every machine how it is. Throws when the chain cannot be read. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { chain, address, onChange, onEnd } = this.#options;
    const leases = (await chain.leasesOf(address, { signal })).filter(isLive);
    const ids = new Set(leases.map(({ id }) => id));
    for (const [id, { kept }] of this.#entries) {
      if (ids.has(id)) continue;
      this.#entries.delete(id);
      onEnd(id);
      onChange({ ...kept, connection: 'unreachable', machine: undefined, why: `Lease ${id} has ended.` });
    }
    for (const lease of leases) this.#adopt(lease);
    await Promise.all(leases.map(({ id }) => this.#look(id, signal)));
  }

  /** A stream to a port of a lease's machine. Throws with a sentence. */
  async tunnel(id: number, port: number, signal: AbortSignal): Promise<Duplex> {
    const entry = this.#entries.get(id);
    if (!entry) throw notKept(id);
    entry.link ??= await this.#connect(id);
    return entry.link.tunnel(port, signal);
  }

  #adopt(lease: Lease): void {
    const entry = this.#entries.get(lease.id);
    if (entry) entry.kept = { ...entry.kept, lease };
    else
      this.#entries.set(lease.id, { kept: { lease, connection: 'connecting', since: this.#options.now() } });
  }

  async #connect(id: number): Promise<MachineLink> {
    return this.#options.connect(await this.#options.openSession(id));
  }

  async #look(id: number, signal: AbortSignal): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
    try {
      if (entry.link) entry.link.renew(await this.#options.openSession(id));
      else entry.link = await this.#connect(id);
      const { state } = await entry.link.status(bounded);
      this.#set(entry, { connection: 'connected', machine: state });
    } catch (error) {
      if (!signal.aborted) this.#set(entry, { connection: 'unreachable', why: sentenceOf(error) });
    }
  }

  #set(entry: Entry, now: Pick<KeptLease, 'connection' | 'machine' | 'why'>): void {
    const { kept } = entry;
    const isSame = kept.connection === now.connection && kept.machine === now.machine;
    const since = kept.connection === now.connection ? kept.since : this.#options.now();
    entry.kept = { lease: kept.lease, since, ...now };
    if (!isSame) this.#options.onChange(entry.kept);
  }
}

function notKept(id: number): CliError {
  return new CliError(
    'LEASE_NOT_FOUND',
    `Lease ${id} is not among the running ones of this daemon's account. List them with \`hamster leases\`.`,
    EXIT.noLease,
  );
}
