import { setImmediate, setTimeout } from 'node:timers/promises';
import type { BlockId } from '../../backend.ts';
import { NodeError } from '../../errors.ts';
import type { Hash } from '../../header.ts';
import type { Logger } from '../../logger.ts';
import type { ChainAccess } from '../chain-access.ts';
import { NetworkError } from '../errors.ts';
import type { NetworkLimits } from '../limits.ts';
import type { Peer, Peers } from '../peers.ts';
import { downloadBlocks, downloadJustification, openBlock } from './download.ts';

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
/** How long a peer that did not answer is left alone, and this node after a failure of its own. */
const ASIDE_MS = 5_000;

/** Brings the chain up to what the peers have: asks one peer after the other for blocks, and imports them in order. */
export class ChainSync {
  readonly #parts: SyncParts;
  /** Peers that failed lately, and until when they are left alone. */
  readonly #aside = new Map<string, number>();
  #news = Promise.withResolvers<void>();

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /** Number of the highest block that anybody claims to have. */
  get highest(): number {
    const { chain, peers } = this.#parts;
    return Math.max(chain.best().number, ...peers.full().map(({ best }) => best.number));
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
    const { chain, peers } = this.#parts;
    const best = chain.best().number;
    const now = performance.now();
    const ahead = peers.full().filter((peer) => peer.best.number > best && this.#isReady(peer, now));
    return ahead.sort((a, b) => b.best.number - a.best.number)[0];
  }

  #isReady({ id }: Peer, now: number): boolean {
    const until = this.#aside.get(id) ?? 0;
    if (until <= now) this.#aside.delete(id);
    return until <= now;
  }

  async #wait(): Promise<void> {
    this.#news = Promise.withResolvers();
    const alarm = new AbortController();
    const signal = AbortSignal.any([this.#parts.signal, alarm.signal]);
    // Also without news, for the sake of peers that were left alone.
    const timer = setTimeout(ASIDE_MS, undefined, { signal }).catch(() => undefined);
    await Promise.race([this.#news.promise, timer]);
    alarm.abort();
  }

  async #follow(peer: Peer): Promise<void> {
    const { logger, onFailure, signal } = this.#parts;
    try {
      await this.#pull(peer);
    } catch (error) {
      if (signal.aborted) return;
      this.#aside.set(peer.id, performance.now() + ASIDE_MS);
      if (error instanceof NetworkError) return onFailure(peer.id, error);
      logger.error({ err: error }, 'A block could not be imported; the next attempt follows');
    }
  }

  /** Everything that this peer has and we lack. The next blocks are on their way while these are executed. */
  async #pull(peer: Peer): Promise<void> {
    const { chain, signal } = this.#parts;
    let from = chain.best().number + 1;
    let coming: Promise<Uint8Array[]> | undefined = this.#download(peer, from);
    while (coming && !signal.aborted) {
      const blocks = await coming;
      from += blocks.length;
      coming = peer.best.number >= from ? this.#download(peer, from) : undefined;
      // Awaited in the next round; until then, a failure must not count as unhandled.
      coming?.catch(() => undefined);
      for (const block of blocks) await this.#import(block);
    }
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
    if (!header || header.number <= chain.finalized().number) return;
    for (const end of this.#setEndsBefore(header.number)) {
      if (!(await this.#finalizeOne(peer, end.hash))) return;
    }
    await this.#finalizeOne(peer, hash);
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

  async #import(encoded: Uint8Array): Promise<void> {
    const { chain } = this.#parts;
    const { number, hash } = chain.best();
    const block = openBlock(encoded, { number: number + 1, parent: hash });
    await blaming(() => chain.importBlock(block));
    // Executing is synchronous: between two blocks, everybody else has a turn.
    await setImmediate();
  }

  #patience(): AbortSignal {
    return AbortSignal.any([this.#parts.signal, AbortSignal.timeout(this.#parts.limits.patienceMs)]);
  }
}

/** What is refused, its sender has to answer for. */
async function blaming(action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof NodeError) || error.code !== 'NODE_BLOCK_REFUSED') throw error;
    throw new NetworkError('PEER_FALSE', error.message, { cause: error });
  }
}
