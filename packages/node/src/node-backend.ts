import { inOneGo, type Runtime, type StateReader } from '@hamster/frame';
import { Overlay } from '@hamster/state';
import type { Backend, ManualSeal } from './backend.ts';
import type { BlockImport } from './block-import.ts';
import type { ChainOutline } from './chain-spec.ts';
import { NodeError } from './errors.ts';
import { type BlockStats, blockStats } from './execution/block-stats.ts';
import { hashBytes } from './hash.ts';
import type { Hash } from './header.ts';
import type { KeyStore } from './key-store.ts';
import type { TransactionPool } from './pool/pool.ts';
import type { Chain } from './storage/chain.ts';
import type { OffchainStore } from './storage/offchain-store.ts';

export interface BackendParts {
  readonly runtime: Runtime;
  readonly chainSpec: ChainOutline;
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly blocks: BlockImport;
  readonly offchain: OffchainStore;
  readonly manualSeal: ManualSeal | undefined;
  readonly keyStore: KeyStore | undefined;
}

/** The node as its RPC server sees it. */
export function createBackend(parts: BackendParts): Backend {
  const { runtime, chainSpec, chain, pool, blocks, offchain, manualSeal, keyStore } = parts;
  const startingBlock = chain.best().number;
  return {
    runtime,
    chainSpec,
    genesisHash: chain.genesis().hash,
    best: () => chain.best(),
    finalized: () => chain.finalized(),
    hashAt: (number) => chain.hashAt(number),
    header: (hash) => chain.blocks.header(hash),
    encodedHeader: (hash) => chain.blocks.encodedHeader(hash),
    body: (hash) => chain.blocks.body(hash),
    justification: (hash) => chain.blocks.justification(hash),
    ...stateReads(chain),
    rulesAt: (hash) => rulesAt(parts, hash),
    callRuntime: (...asked) => inOneGo(callInSteps(parts, ...asked)),
    callRuntimeInSteps: (...asked) => callInSteps(parts, ...asked),
    blockStats: oneAfterTheOther((hash) => statsOf(parts, hash)),
    setEnds: (above) => chain.setEnds(above),
    offchain,
    submit: (extrinsic) => pool.submit(extrinsic),
    watch: (extrinsic, listener) => pool.watch(extrinsic, listener),
    pending: () => pool.pending(),
    ready: () => pool.ready(),
    withdraw: (hash, options) => pool.withdraw(hash, options),
    pendingNonces: (accountId) => pool.noncesOf(accountId),
    poolCounts: () => pool.counts(),
    onBlock: (listener) => blocks.onBlock(listener),
    onFinalized: (listener) => blocks.onFinalized(listener),
    syncState() {
      const { number } = chain.best();
      return { startingBlock, currentBlock: number, highestBlock: number };
    },
    ...(keyStore && { keyStore }),
    ...(manualSeal && { manualSeal }),
  };
}

function* callInSteps(
  parts: BackendParts,
  hash: Hash,
  method: string,
  args: Uint8Array,
): Generator<void, Uint8Array> {
  const rules = rulesAt(parts, hash);
  if (!rules) throw notKept(hash);
  try {
    return yield* rules.callInSteps(new Overlay(keptState(parts.chain, hash)), method, args);
  } finally {
    // To the rules, a state that was pruned at a stop is one with nothing in it that can be read: whatever they made of that is wrong.
    keptState(parts.chain, hash);
  }
}

/** Throws NODE_STATE_UNAVAILABLE. */
function keptState(chain: Chain, hash: Hash): StateReader {
  const state = stateAt(chain, hash);
  if (!state) throw notKept(hash);
  return state;
}

const notKept = (hash: Hash): NodeError =>
  new NodeError('NODE_STATE_UNAVAILABLE', `The state of block ${hash} is not kept`);

function stateReads(chain: Chain): Pick<Backend, 'stateAt' | 'proof' | 'closestMerkleValue' | 'changes'> {
  return {
    stateAt: (hash) => stateAt(chain, hash),
    proof(hash, keys) {
      const root = rootOf(chain, hash);
      return root && chain.state.proof(root, keys);
    },
    closestMerkleValue(hash, key) {
      const root = rootOf(chain, hash);
      return root && chain.state.closestMerkleValue(root, key);
    },
    changes(hash) {
      const header = chain.blocks.header(hash);
      return header && chain.state.changes({ number: header.number, hash: hashBytes(hash) });
    },
  };
}

/** The next block's state tells under which version it was made. */
function rulesAt(
  { chain, runtime }: Pick<BackendParts, 'chain' | 'runtime'>,
  hash: Hash,
): Runtime | undefined {
  const header = chain.blocks.header(hash);
  if (!header || !stateAt(chain, hash)) return undefined;
  const next = chain.blocks.hashAt(header.number + 1);
  const state = next && stateAt(chain, next);
  return state ? runtime.inForce(state) : runtime;
}

/** Work in slices takes one of each turn of the event loop: many at once would leave nothing of it for blocks and clients. */
function oneAfterTheOther<T>(work: (hash: Hash) => Promise<T>): (hash: Hash) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (hash) => {
    const mine = last.then(() => work(hash));
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function statsOf(parts: BackendParts, hash: Hash): Promise<BlockStats | undefined> {
  const isClosing = (): boolean => parts.blocks.isStopping;
  if (isClosing()) return undefined;
  const { blocks, state } = parts.chain;
  const [header, body] = [blocks.header(hash), blocks.body(hash)];
  const parent = header && blocks.header(header.parentHash);
  const runtime = header && rulesAt(parts, header.parentHash);
  return body && parent && runtime && blockStats({ runtime, state, isClosing }, { header, body, parent });
}

function stateAt(chain: Chain, hash: Hash): StateReader | undefined {
  const root = rootOf(chain, hash);
  return root && chain.state.at(root);
}

function rootOf(chain: Chain, hash: Hash): Uint8Array | undefined {
  const header = chain.blocks.header(hash);
  return header && hashBytes(header.stateRoot);
}
