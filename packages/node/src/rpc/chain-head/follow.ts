import type { RuntimeVersion } from '@hamster/frame';
import type { Backend } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import type { FeedEvent } from '../block-feed.ts';
import type { RpcLimits } from '../context.ts';
import type { Task } from '../../turns.ts';
import type { Subscription } from '../protocol/subscription.ts';
import { chainHeadRuntime } from '../runtime-calls.ts';
import { Operations } from './operations.ts';

interface FollowInit {
  readonly backend: Backend;
  readonly limits: RpcLimits;
  readonly subscription: Subscription;
  readonly withRuntime: boolean;
  /** Has a task run when it is the client's turn. */
  inTurn(task: Task): void;
}

/** A block that is not final, as the client knows it. */
interface ToldBlock {
  readonly parentHash: Hash;
  /** In force on top of it. */
  readonly specVersion: number;
}

/** About what a client missed while it reconnected. */
const INITIAL_FINALIZED = 16;
/** Finality of so many blocks may be told late. */
const MAX_LATE = 16;

/** One chainHead_v1_follow: what the client was told about the head of the chain, and what it has pinned. */
export class Follow {
  readonly id: string;
  readonly withRuntime: boolean;
  readonly operations: Operations;
  readonly #backend: Backend;
  readonly #limits: RpcLimits;
  readonly #subscription: Subscription;
  readonly #inTurn: (task: Task) => void;
  /** Blocks that are final, of which that is yet to be told, by the timers that have it told. */
  readonly #late = new Map<NodeJS.Timeout, readonly Hash[]>();
  readonly #pinned = new Set<Hash>();
  /** Told by newBlock, not yet by finalized. */
  readonly #unfinalized = new Map<Hash, ToldBlock>();
  /** In force on top of the last block told as finalized, as the client knows it. */
  #finalizedSpec: number;

  constructor({ backend, limits, subscription, withRuntime, inTurn }: FollowInit) {
    this.id = subscription.id;
    this.withRuntime = withRuntime;
    this.operations = new Operations(limits.operationsPerFollow);
    this.#backend = backend;
    this.#limits = limits;
    this.#subscription = subscription;
    this.#inTurn = inTurn;
    this.#finalizedSpec = this.#rulesAt(backend.finalized().hash).specVersion;
    subscription.onEnd(() => this.operations.stopAll());
    subscription.onEnd(() => {
      for (const timer of this.#late.keys()) clearTimeout(timer);
    });
  }

  isPinned(hash: Hash): boolean {
    return this.#pinned.has(hash);
  }

  get pinnedCount(): number {
    return this.#pinned.size;
  }

  unpin(hashes: readonly Hash[]): void {
    for (const hash of hashes) this.#pinned.delete(hash);
  }

  notify(event: object): void {
    this.#subscription.notify(event);
  }

  /** The finalized blocks, then the branch from there to the best block. */
  start(): void {
    const finalizedBlockHashes = this.#recentFinalized();
    for (const hash of finalizedBlockHashes) this.#pinned.add(hash);
    const runtime = this.withRuntime
      ? { finalizedBlockRuntime: chainHeadRuntime(this.#rulesAt(this.#backend.finalized().hash)) }
      : {};
    this.notify({ event: 'initialized', finalizedBlockHashes, ...runtime });
    for (const { hash, parentHash } of this.#branchToBest()) this.#newBlock(hash, parentHash);
    if (this.#unfinalized.size > this.#limits.unfinalizedBlocks) return this.#stop();
    this.notify({ event: 'bestBlockChanged', bestBlockHash: this.#backend.best().hash });
  }

  onBlock({ hash, header, isBest, isNew, newlyFinalized }: FeedEvent): void {
    if (this.#isTooMuch()) return this.#stop();
    if (isNew && !this.#pinned.has(hash)) {
      this.#newBlock(hash, header.parentHash);
      if (isBest) this.notify({ event: 'bestBlockChanged', bestBlockHash: hash });
    }
    this.#finalizeLater(newlyFinalized);
  }

  /**
   * Finality comes here with the block: told both at once, dedot shows nobody that a transaction is in a block. A node that catches up
   * does not wait: the client could not unpin blocks before their states are pruned.
   */
  #finalizeLater(hashes: readonly Hash[]): void {
    const { finalityDelayMs } = this.#limits;
    if (hashes.length === 0) return;
    if (finalityDelayMs === 0) return this.#finalize(hashes);
    const timer = setTimeout(() => this.#inTurn(() => this.#finalizeBy(timer)), finalityDelayMs);
    this.#late.set(timer, hashes);
    const [oldest] = this.#late.keys();
    if (oldest && this.#late.size > MAX_LATE) this.#finalizeBy(oldest);
  }

  #finalizeBy(timer: NodeJS.Timeout): undefined {
    clearTimeout(timer);
    const hashes = this.#late.get(timer) ?? [];
    this.#late.delete(timer);
    this.#finalize(hashes);
  }

  #newBlock(hash: Hash, parentHash: Hash): void {
    const rules = this.#rulesAt(hash);
    const before = this.#unfinalized.get(parentHash)?.specVersion ?? this.#finalizedSpec;
    this.#pinned.add(hash);
    this.#unfinalized.set(hash, { parentHash, specVersion: rules.specVersion });
    const newRuntime = rules.specVersion === before ? null : chainHeadRuntime(rules);
    const runtime = this.withRuntime ? { newRuntime } : {};
    this.notify({ event: 'newBlock', blockHash: hash, parentBlockHash: parentHash, ...runtime });
  }

  #rulesAt(hash: Hash): RuntimeVersion {
    return (this.#backend.rulesAt(hash) ?? this.#backend.runtime).version;
  }

  #finalize(hashes: readonly Hash[]): void {
    const finalizedBlockHashes = hashes.filter((hash) => this.#unfinalized.has(hash));
    const last = finalizedBlockHashes.at(-1);
    if (last === undefined) return;
    this.#finalizedSpec = this.#unfinalized.get(last)?.specVersion ?? this.#finalizedSpec;
    for (const hash of finalizedBlockHashes) this.#unfinalized.delete(hash);
    const prunedBlockHashes = this.#prune(last);
    this.notify({ event: 'finalized', finalizedBlockHashes, prunedBlockHashes });
  }

  /** Blocks that do not descend from the last finalized one: they never will be final. */
  #prune(finalized: Hash): Hash[] {
    const kept = new Set([finalized]);
    const pruned: Hash[] = [];
    // Insertion order: a parent was told before its children.
    for (const [hash, { parentHash }] of this.#unfinalized) {
      if (kept.has(parentHash)) kept.add(hash);
      else pruned.push(hash);
    }
    for (const hash of pruned) this.#unfinalized.delete(hash);
    return pruned;
  }

  /**
   * Pinned blocks promise their states, and the node keeps those of so many blocks only. Blocks that are not final are counted
   * apart: when finality stands still, a client cannot help having many.
   */
  #isTooMuch(): boolean {
    const [oldest] = this.#pinned;
    if (oldest !== undefined && !this.#backend.stateAt(oldest)) return true;
    const { pinnedBlocks, unfinalizedBlocks } = this.#limits;
    if (this.#unfinalized.size >= unfinalizedBlocks) return true;
    let settled = this.#pinned.size;
    for (const hash of this.#unfinalized.keys()) if (this.#pinned.has(hash)) settled -= 1;
    return settled >= pinnedBlocks;
  }

  #stop(): void {
    this.notify({ event: 'stop' });
    this.#subscription.end();
  }

  /** Those of them whose states are kept. */
  #recentFinalized(): Hash[] {
    const { hash, number } = this.#backend.finalized();
    const hashes: Hash[] = [hash];
    for (let back = number - 1; back >= 0 && hashes.length < INITIAL_FINALIZED; back -= 1) {
      const older = this.#backend.hashAt(back);
      if (older === undefined || !this.#backend.stateAt(older)) break;
      hashes.unshift(older);
    }
    return hashes;
  }

  /** One block more than may be told, if there are that many. */
  #branchToBest(): { hash: Hash; parentHash: Hash }[] {
    const finalized = this.#backend.finalized();
    const branch: { hash: Hash; parentHash: Hash }[] = [];
    let { hash } = this.#backend.best();
    while (hash !== finalized.hash && branch.length <= this.#limits.unfinalizedBlocks) {
      const header = this.#backend.header(hash);
      if (!header || header.number <= finalized.number) break;
      branch.unshift({ hash, parentHash: header.parentHash });
      hash = header.parentHash;
    }
    return branch;
  }
}
