import { availableParallelism } from 'node:os';
import type { Pruning } from '@hamster/state';
import type { ChainSpec, RecognisedSpec } from './chain-spec.ts';
import { NO_KEYS, type ConsensusKeys } from './consensus/keys.ts';
import { NodeError } from './errors.ts';
import type { KeyStore } from './key-store.ts';
import type { Logger } from './logger.ts';
import { DEFAULT_LIMITS, type PoolLimits } from './pool/limits.ts';
import type { Location } from './storage/database.ts';

export interface NodeOptions {
  readonly chainSpec: ChainSpec | RecognisedSpec;
  /** Folder of the node's data; one node at a time works on it. */
  readonly basePath?: string;
  /** Instead of `basePath`: data in a folder that is removed when the node closes. */
  readonly temporary?: boolean;
  /** What the node authors and votes with. Default: nothing, it only follows. */
  readonly keys?: ConsensusKeys;
  /** Where keys are put that come while the node runs; what is put there appears in `keys`. Default: none come. */
  readonly keyStore?: KeyStore;
  /** Whether the node knows what the others know: it makes no block by the clock before. Default: always. */
  readonly mayAuthor?: () => boolean;
  /** No blocks by the clock: only `backend.manualSeal.newBlock()` makes them. */
  readonly manualSeal?: boolean;
  /** States of how many final blocks are kept, or 'archive'. Default: as before, and 256 for a new chain. */
  readonly pruning?: Pruning;
  /** Wall clock in ms. */
  readonly now?: () => number;
  /** Told once, when the node cannot go on: its database takes no more writes. */
  readonly onFailure?: (error: NodeError) => void;
  readonly logger: Logger;
  /** Ends a start that takes long, such as one behind a node that was killed. Default: none. */
  readonly signal?: AbortSignal;
  readonly pool?: Partial<PoolLimits>;
  /** Threads that check signatures. Default: as many as there are cores, at most four: they take only what the main thread leaves. */
  readonly signatureWorkers?: number;
}

export interface CheckedOptions {
  readonly chainSpec: ChainSpec | RecognisedSpec;
  readonly location: Location;
  readonly keys: ConsensusKeys;
  readonly keyStore: KeyStore | undefined;
  readonly mayAuthor: () => boolean;
  readonly manualSeal: boolean;
  readonly pruning: Pruning | undefined;
  readonly now: () => number;
  readonly onFailure: (error: NodeError) => void;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  readonly limits: PoolLimits;
  readonly signatureWorkers: number;
}

/** Fills in what was left out. Throws NODE_OPTIONS with what to change. */
export function checkOptions(options: NodeOptions): CheckedOptions {
  const { pruning } = options;
  if (pruning !== undefined && pruning !== 'archive' && (!Number.isInteger(pruning) || pruning < 1)) {
    throw new NodeError('NODE_OPTIONS', `Pruning must be "archive" or keep at least 1 state, not ${pruning}`);
  }
  return {
    chainSpec: options.chainSpec,
    location: locationOf(options),
    keys: options.keys ?? NO_KEYS,
    keyStore: options.keyStore,
    mayAuthor: options.mayAuthor ?? (() => true),
    manualSeal: options.manualSeal ?? false,
    pruning,
    now: options.now ?? Date.now,
    onFailure: options.onFailure ?? (() => undefined),
    logger: options.logger,
    signal: options.signal,
    limits: { ...DEFAULT_LIMITS, ...options.pool },
    signatureWorkers: options.signatureWorkers ?? Math.min(4, availableParallelism()),
  };
}

function locationOf({ basePath, temporary }: NodeOptions): Location {
  if (basePath !== undefined && temporary) {
    throw new NodeError('NODE_OPTIONS', 'Give either a base path or `temporary`, not both');
  }
  if (temporary) return { temporary };
  if (basePath) return { basePath };
  throw new NodeError('NODE_OPTIONS', 'Give a base path, or `temporary` for a chain that is forgotten');
}
