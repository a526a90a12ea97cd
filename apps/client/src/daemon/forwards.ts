import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { readJsonState, sentenceOf, Type, writeJsonState, type Logger } from '@hamster/daemon';
import { forwardPort, type Forward } from '@hamster/p2p';
import { CliError } from '../cli/errors.ts';
import type { ForwardTerms } from './terms.ts';

const MOST = 64;
const LOOPBACK = '127.0.0.1';

const Schema = Type.Array(
  Type.Object({ lease: Type.Integer(), local: Type.Integer(), remote: Type.Integer() }),
  { maxItems: MOST },
);

/** A forward that is open; `local` is the port that it really has. */
export interface OpenForward extends ForwardTerms {
  readonly id: string;
  /** Why the last connection did not get through; undefined when it did, or none came yet. */
  readonly trouble?: string | undefined;
}

export interface ForwardBookOptions {
  /** File that keeps the forwards for the next start. */
  readonly path: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  tunnel(lease: number, port: number, signal: AbortSignal): Promise<Duplex>;
  onChange(): void;
}

interface Entry {
  open: OpenForward;
  readonly forward: Forward;
}

/** Ports of this computer that lead to machines, on loopback alone; kept over restarts. */
export class ForwardBook {
  readonly #options: ForwardBookOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ForwardBookOptions) {
    this.#options = options;
  }

  list(): OpenForward[] {
    return [...this.#entries.values()].map(({ open }) => open);
  }

  /** Opens what was open when the daemon stopped, and these. A port that is taken by now is told and left out. */
  async restore(more: readonly ForwardTerms[]): Promise<void> {
    const { path, log } = this.#options;
    const kept = (await readJsonState(path, Schema)) ?? [];
    for (const terms of [...kept, ...more]) {
      if (this.#find(terms)) continue;
      await this.#open(terms).catch((error: unknown) => log.warn({ ...terms }, sentenceOf(error)));
    }
    await this.#save();
  }

  /** Throws PeerError LISTEN_FAILED, CliError FORWARD_EXISTS or TOO_MANY_FORWARDS. */
  async open(terms: ForwardTerms): Promise<OpenForward> {
    if (this.#find(terms)) {
      throw new CliError(
        'FORWARD_EXISTS',
        `Port ${terms.local} leads to a machine already. Close that first.`,
      );
    }
    const opened = await this.#open(terms);
    await this.#save();
    this.#options.onChange();
    return opened;
  }

  /** False when there is no such forward. */
  async close(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    await entry.forward.close();
    await this.#save();
    this.#options.onChange();
    return true;
  }

  /** Closes all that lead to a lease: it has ended. */
  async closeLease(lease: number): Promise<void> {
    for (const { id } of this.list().filter((open) => open.lease === lease)) await this.close(id);
  }

  /** Closes the ports; what was open is remembered. */
  async stop(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ forward }) => forward.close()));
  }

  #find({ local }: ForwardTerms): Entry | undefined {
    return local === 0 ? undefined : [...this.#entries.values()].find(({ open }) => open.local === local);
  }

  async #open({ lease, local, remote }: ForwardTerms): Promise<OpenForward> {
    if (this.#entries.size >= MOST) {
      throw new CliError(
        'TOO_MANY_FORWARDS',
        `There are ${MOST} forwards, which is the most. Close one first.`,
      );
    }
    const id = randomUUID();
    const forward = await forwardPort({
      host: LOOPBACK,
      port: local,
      open: async (signal) => {
        const tunnel = await this.#options.tunnel(lease, remote, signal);
        this.#note(id, undefined);
        return tunnel;
      },
      onError: (error) => this.#note(id, sentenceOf(error)),
    });
    const open = { id, lease, local: forward.port, remote };
    this.#entries.set(id, { open, forward });
    this.#options.log.info({ lease }, `${LOOPBACK}:${forward.port} leads to port ${remote} of the machine`);
    return open;
  }

  #note(id: string, trouble: string | undefined): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.open.trouble === trouble) return;
    entry.open = { ...entry.open, trouble };
    if (trouble !== undefined) this.#options.log.warn({ lease: entry.open.lease }, trouble);
    this.#options.onChange();
  }

  async #save(): Promise<void> {
    const terms = this.list().map(({ lease, local, remote }) => ({ lease, local, remote }));
    await writeJsonState(this.#options.path, terms);
  }
}
