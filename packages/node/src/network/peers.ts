import type { Connection } from '@libp2p/interface';
import { RecentSet } from '../signatures/recent-set.ts';
import type { BlockId } from '../backend.ts';
import { NetworkError } from './errors.ts';
import type { Role } from './messages/announcements.ts';
import { Rate } from './rate.ts';

/** Transactions of which is remembered that a peer knows them. */
const KNOWN_TRANSACTIONS = 16_384;
/** Transactions with a false signature that a peer may send per second, on average: nobody honest has any. */
const FALSE_TRANSACTIONS = 4;

/** Headers that a peer may show per second, on average, to be looked at before their block is here: each is a signature to check. */
const STRANGE_HEADERS = 4;

/** A node that follows the same chain and is connected. */
export interface Peer {
  readonly id: string;
  readonly role: Role;
  readonly connection: Connection;
  /** What it said last. */
  best: BlockId;
  /** Number of the block up to which all is final for it, as it said last by gossip; undefined before it did. */
  finalized: number | undefined;
  readonly knownTransactions: RecentSet;
  readonly falseTransactions: Rate;
  readonly strangeHeaders: Rate;
}

type Newcomer = Pick<Peer, 'id' | 'role' | 'connection' | 'best'>;

/** The peers of the moment. */
export class Peers {
  /** Ids of those that need no free place. */
  readonly reserved = new Set<string>();
  readonly #most: number;
  readonly #peers = new Map<string, Peer>();

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#peers.size;
  }

  get(id: string): Peer | undefined {
    return this.#peers.get(id);
  }

  all(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  /** Those that keep the whole chain. */
  full(): readonly Peer[] {
    return this.all().filter(({ role }) => role !== 'light');
  }

  /** Those that keep no more than they need. */
  light(): readonly Peer[] {
    return this.all().filter(({ role }) => role === 'light');
  }

  /** Throws PEER_UNWANTED when all places are taken. */
  join(peer: Newcomer): void {
    const known = this.#peers.get(peer.id);
    if (!known && this.#peers.size >= this.#most && !this.reserved.has(peer.id)) {
      throw new NetworkError('PEER_UNWANTED', `All ${this.#most} places for peers are taken`);
    }
    this.#peers.set(peer.id, {
      ...peer,
      finalized: known?.finalized,
      knownTransactions: known?.knownTransactions ?? new RecentSet(KNOWN_TRANSACTIONS),
      falseTransactions: known?.falseTransactions ?? new Rate(FALSE_TRANSACTIONS),
      strangeHeaders: known?.strangeHeaders ?? new Rate(STRANGE_HEADERS),
    });
  }

  leave(id: string): void {
    this.#peers.delete(id);
  }
}
