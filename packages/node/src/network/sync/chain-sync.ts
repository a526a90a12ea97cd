import { setImmediate, setTimeout } from 'node:timers/promises';
import type { BlockId } from '../../backend.ts';
import { NodeError } from '../../errors.ts';
import type { Hash } from '../../header.ts';
import type { Logger } from '../../logger.ts';
import type { ChainAccess } from '../chain-access.ts';
import { NetworkError } from '../errors.ts';
import type { NetworkLimits } from '../limits.ts';
import type { Peer, Peers } from '../peers.ts';
import { Aside, MOST_ALONE_MS } from './aside.ts';
import { downloadBlocks, downloadId, downloadJustification, openBlock, requireOnTop } from './download.ts';

export interface SyncParts {
  readonly chain: ChainAccess;
  readonly peers: Peers;
  readonly protocol: string;
  readonly limits: NetworkLimits;
  readonly logger: Logger;
  /** Aborts when the network stops. */
  readonly signal: AbortSignal;
  /** Told of everything that went wrong; decides whether the peer has to go. */
  readonly onFailure: (peer: string, error: unknown) => void;
}

/** How far behind is more than keeping up, as in Substrate. */
const FAR_BEHIND = 5;
/** More than this part of the patience is slow: a peer could hold up the others by a block at a time. */
const SLOW_SHARE = 0.25;
/** How often peers that were left alone are looked at again, also without news. */
const LOOK_MS = 5_000;

/** Brings the chain up to what the peers have: asks one peer after the other for blocks, and imports them in order. */
export class ChainSync {
  readonly #parts: SyncParts;
  /** What a peer said last to be final, while that was not here yet; by peers. */
  readonly #claims = new Map<string, Hash>();
  readonly #aside = new Aside();
  #news = Promise.withResolvers<void>();

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /** Number of the highest block that anybody claims to have, who did not fail when asked for it. */
  get highest(): number {
    const { chain, peers } = this.#parts;
    const believed = peers.full().filter(({ id }) => !this.#aside.isSuspect(id));
    return Math.max(chain.best().number, ...believed.map(({ best }) => best.number));
  }

  get isSyncing(): boolean {
    return this.highest - this.#parts.chain.best().number > FAR_BEHIND;
  }

  /** Something was learnt about what peers have. */
  wake(): void {
    this.#news.resolve();
  }

  /** Runs until the network stops. */
  async run(): Promise<void> {
    const { signal } = this.#parts;
    while (!signal.aborted) {
      const peer = this.#choose();
      if (peer) await this.#follow(peer);
      else await this.#wait();
    }
  }

  #choose(): Peer | undefined {
    const best = this.#parts.chain.best().number;
    const ready = this.#ready(best);
    const ahead = ready.length > 0 ? ready : this.#ready(best, MOST_ALONE_MS);
    return ahead.toSorted((a, b) => this.#preference(b, a) || b.best.number - a.best.number)[0];
  }

  /** Peers that have blocks above that number and may be asked: whoever failed not before `mostAsideMs`. */
  #ready(best: number, mostAsideMs?: number): Peer[] {
    return this.#parts.peers
      .full()
      .filter((peer) => peer.best.number > best && !this.#aside.has(peer.id, mostAsideMs));
  }

  /** Above 0 for `a`: who never failed comes first, then who was chosen by this side. */
  #preference(a: Peer, b: Peer): number {
    const rank = ({ id, connection }: Peer): number =>
      (this.#aside.isSuspect(id) ? 0 : 2) + (connection.direction === 'outbound' ? 1 : 0);
    return rank(a) - rank(b);
  }

  async #wait(): Promise<void> {
    this.#news = Promise.withResolvers();
    const alarm = new AbortController();
    const signal = AbortSignal.any([this.#parts.signal, alarm.signal]);
    // Also without news, for the sake of peers that were left alone.
    const timer = setTimeout(LOOK_MS, undefined, { signal }).catch(() => undefined);
    await Promise.race([this.#news.promise, timer]);
    alarm.abort();
  }

  async #follow(peer: Peer): Promise<void> {
    const { logger, onFailure, signal } = this.#parts;
    try {
      await this.#pull(peer);
    } catch (error) {
      if (signal.aborted) return;
      this.#aside.add(peer.id);
      if (error instanceof NetworkError) return onFailure(peer.id, error);
      logger.error({ err: error }, 'A block could not be imported; the next attempt follows');
    }
  }

  /** Everything that this peer has and we lack. The next blocks are on their way while these are executed. */
  async #pull(peer: Peer): Promise<void> {
    const { chain, limits, signal } = this.#parts;
    let from = chain.best().number + 1;
    let coming: Promise<Uint8Array[]> | undefined = this.#download(peer, from);
    while (coming && !signal.aborted) {
      const asked = performance.now();
      const blocks = await coming;
      from += blocks.length;
      // Where nobody else has the next blocks, slow is better than nothing.
      const isSlow =
        performance.now() - asked > limits.patienceMs * SLOW_SHARE &&
        this.#ready(from - 1).some(({ id }) => id !== peer.id);
      coming = !isSlow && peer.best.number >= from ? this.#download(peer, from) : undefined;
      // Awaited in the next round; until then, a failure must not count as unhandled.
      coming?.catch(() => undefined);
      for (const block of blocks) await this.#take(peer, block);
      if (isSlow) throw new NetworkError('PEER_TIMEOUT', 'The peer answers slowly: others are asked first');
    }
    this.#aside.forgive(peer.id);
  }

  /** Whether this peer has nothing on top of the best block here. What it has is then fetched. Rejects with NetworkError. */
  async isLast(peer: Peer): Promise<boolean> {
    const from = this.#parts.chain.best().number + 1;
    const { protocol } = this.#parts;
    const next = await downloadId(peer.connection, { protocol, from, signal: this.#patience() });
    if (!next) return true;
    if (peer.best.number < from) peer.best = next;
    this.wake();
    return false;
  }

  #download({ connection }: Peer, from: number): Promise<Uint8Array[]> {
    return downloadBlocks(connection, { protocol: this.#parts.protocol, from, signal: this.#patience() });
  }

  /**
   * Takes a peer's word that a block is final, if it is here without that, and the peer can prove it; and first that those
   * are with which a set of validators ended on the way.
   */
  async finalize(peer: string, hash: Hash): Promise<void> {
    const { chain } = this.#parts;
    const header = chain.header(hash);
    if (!header) return this.#remember(peer, hash);
    if (header.number <= chain.finalized().number) return;
    for (const end of this.#setEndsBefore(header.number)) {
      if (!(await this.#finalizeOne(peer, end.hash))) return;
    }
    await this.#finalizeOne(peer, hash);
  }

  /** Until the block is here: as a rule it is on its way. */
  #remember(peer: string, hash: Hash): void {
    for (const id of this.#claims.keys()) if (!this.#parts.peers.get(id)) this.#claims.delete(id);
    this.#claims.set(peer, hash);
  }

  #setEndsBefore(number: number): BlockId[] {
    const { chain } = this.#parts;
    const ends: BlockId[] = [];
    for (const end of chain.setEnds(chain.finalized().number)) {
      if (end.number >= number) break;
      ends.push(end);
    }
    return ends;
  }

  /** Whether the peer could prove it. */
  async #finalizeOne(peer: string, hash: Hash): Promise<boolean> {
    const { chain, peers, protocol } = this.#parts;
    const connection = peers.get(peer)?.connection;
    if (!connection) return false;
    const justification = await downloadJustification(connection, {
      protocol,
      hash,
      signal: this.#patience(),
    });
    if (justification) await blaming(() => chain.finalizeBlock(hash, justification));
    return justification !== undefined;
  }

  async #take({ id }: Peer, encoded: Uint8Array): Promise<void> {
    const hash = await this.#import(encoded);
    if (this.#claims.get(id) === hash) {
      this.#claims.delete(id);
      await this.finalize(id, hash);
    }
    // Executing is synchronous: between two blocks, everybody else has a turn.
    await setImmediate();
  }

  async #import(encoded: Uint8Array): Promise<Hash> {
    const { chain } = this.#parts;
    const block = openBlock(encoded);
    // Also of another branch: it may be one's own.
    if (block.header.parentHash !== chain.best().hash) chain.seen(block.header);
    requireOnTop(block.header, chain.best());
    const { hash } = await blaming(() => chain.importBlock(block));
    return hash;
  }

  #patience(): AbortSignal {
    return AbortSignal.any([this.#parts.signal, AbortSignal.timeout(this.#parts.limits.patienceMs)]);
  }
}

/** What is refused, its sender has to answer for. */
async function blaming<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof NodeError) || error.code !== 'NODE_BLOCK_REFUSED') throw error;
    throw new NetworkError('PEER_FALSE', error.message, { cause: error });
  }
}
