import type { Runtime } from '@hamster/frame';
import { Author, type AuthoredBlock } from './author.ts';
import type { Backend, BlockEvent } from './backend.ts';
import { BlockImport } from './block-import.ts';
import { createChainAccess } from './chain-access.ts';
import type { Consensus, ConsensusHost, Justification } from './consensus/consensus.ts';
import { singleAuthor, type ConsensusParts } from './consensus/single-author.ts';
import { soleUse, type SoleUse } from './consensus/sole-use.ts';
import type { ForeignBlock } from './execution/verify-block.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { Hash } from './header.ts';
import { Listeners } from './listeners.ts';
import { sealOnDemand, TravelClock } from './manual-seal.ts';
import type { AcceptedTransaction, ChainAccess } from './network/chain-access.ts';
import { createBackend } from './node-backend.ts';
import { checkOptions, type CheckedOptions, type NodeOptions } from './options.ts';
import { BestState } from './pool/best-state.ts';
import { TransactionPool } from './pool/pool.ts';
import { SignatureVerifier } from './signatures/verifier.ts';
import type { Chain } from './storage/chain.ts';
import { asDamage } from './storage/damage.ts';
import { openDatabase, type OpenDatabase } from './storage/database.ts';
import { offchainStore } from './storage/offchain-store.ts';
import { openChain } from './storage/open-chain.ts';

export interface NodeModules {
  /** The rules of the chain. */
  readonly runtime: Runtime;
  /** Who authors and what is final. Default: `singleAuthor`. */
  readonly consensus?: (parts: ConsensusParts) => Consensus;
}

export interface Node {
  readonly backend: Backend;
  /** For the network of the chain. */
  readonly access: ChainAccess;
  /** Names what the genesis block was made of: for a `RecognisedSpec`. */
  readonly genesisSource: string;
  /**
   * Executes a block that another node made and takes it as the new head; nothing changes if anything of it is wrong. Calls
   * are served in order. Rejects with NODE_BLOCK_REFUSED (the sender's fault), NODE_BLOCK_KNOWN, NODE_BLOCK_ORPHAN (its parent
   * has to come first) or NODE_BUSY.
   */
  importBlock(block: ForeignBlock): Promise<BlockEvent>;
  /** Makes a block that was imported without justification final. Rejects with NODE_BLOCK_REFUSED or NODE_BLOCK_ORPHAN. */
  finalizeBlock(hash: Hash, justification: Justification): Promise<void>;
  /** Calls the listener for each block that this node has made. Returns its removal. */
  onAuthored(listener: (made: AuthoredBlock) => void): () => void;
  /** Stops making blocks, lets go of the database. Idempotent. What was answered as stored stays stored. */
  close(): Promise<void>;
}

/** How much of a slot may go into filling a block; the rest is for everything else. */
const BUILD_SHARE = 0.5;
/** ms. At least so long when a block is made on demand, as in Substrate (`MAX_PROPOSAL_DURATION` of manual seal): no slot waits for it. */
const DEMAND_BUDGET = 10_000;
const MAX_SIGNATURES_WAITING = 16_384;

/**
 * Starts a node: with the chain's keys it authors, without any it only follows. Throws NodeError (NODE_OPTIONS,
 * and what `openDatabase` and `openChain` throw) and leaves nothing open when it does.
 */
export async function startNode(options: NodeOptions, modules: NodeModules): Promise<Node> {
  const checked = checkOptions(options);
  const { runtime, consensus: engine = singleAuthor } = modules;
  const database = await openDatabase(checked.location, checked.chainSpec.id, checked);
  let verifier: SignatureVerifier | undefined;
  try {
    const { chainSpec: spec, pruning, logger, signatureWorkers: workers, keys, onFailure } = checked;
    const opened = await openChain({ database, spec, runtime, pruning, logger, onFailure });
    verifier = new SignatureVerifier({ workers, maxWaiting: MAX_SIGNATURES_WAITING, logger });
    return run(checked, { runtime, ...opened, consensus: engine({ runtime, keys }), verifier, database });
  } catch (error) {
    await verifier?.close();
    await database.close();
    throw asDamage(database.path, error);
  }
}

interface Parts {
  readonly runtime: Runtime;
  readonly chain: Chain;
  readonly genesisSource: string;
  readonly consensus: Consensus;
  readonly verifier: SignatureVerifier;
  readonly database: OpenDatabase;
}

function run(options: CheckedOptions, parts: Parts): Node {
  const { runtime, chain, verifier, database } = parts;
  const { chainSpec, logger, limits } = options;
  const clock = new TravelClock(options.now);
  const { consensus, seen, own, maySign } = guarded(options, parts, clock.now);
  const accepted = new Listeners<AcceptedTransaction>(logger, 'A listener to transactions failed');
  const pool = new TransactionPool({
    runtime,
    verifier,
    limits,
    logger,
    best: new BestState(chain, runtime),
    accepted: (transaction) => accepted.tell(transaction),
  });
  const blocks = new BlockImport({ chain, consensus, runtime, pool, verifier, logger });
  const interval = consensus.interval(chain.parent(chain.best()).state);
  const budget = Math.max(interval * BUILD_SHARE, options.manualSeal ? DEMAND_BUDGET : 0);
  const made = new Listeners<AuthoredBlock>(logger, 'A listener to blocks made here failed');
  const authored = (block: AuthoredBlock): void => made.tell(block);
  const author = new Author({ ...parts, consensus, pool, blocks, now: clock.now, logger, budget, authored });
  const manualSeal = options.manualSeal ? sealOnDemand({ author, runtime, pool, clock }) : undefined;
  const backend = createBackend({
    ...{ runtime, chainSpec, chain, pool, blocks, manualSeal },
    keyStore: options.keyStore,
    offchain: offchainStore(database.env),
  });
  logger.info(
    { chain: chainSpec.name, genesis: backend.genesisHash, best: chain.best(), path: database.path },
    'Chain open',
  );
  const stopVoting = consensus.start?.(hostOf({ chain, blocks, author, own, maySign }));
  const stopAuthoring =
    manualSeal || (options.keys.authors.length === 0 && !options.keyStore)
      ? undefined
      : startHeartbeat({ interval, now: clock.now, beat: () => authorOrLog(author, options) });
  let closing: Promise<void> | undefined;
  return {
    backend,
    access: createChainAccess({ ...parts, blocks, backend, accepted, seen, now: clock.now }),
    genesisSource: parts.genesisSource,
    importBlock: (block) => blocks.receive(block),
    finalizeBlock: (hash, justification) => blocks.finalize(hash, justification),
    onAuthored: (listener) => made.add(listener),
    close: () =>
      (closing ??= shutDown(
        async () => {
          await stopAuthoring?.();
          stopVoting?.();
        },
        { ...parts, blocks, pool },
      )),
  };
}

/** Blocks on demand are for tests, which may well make two branches. */
function guarded(
  { manualSeal, mayAuthor, logger }: CheckedOptions,
  { consensus, chain }: Parts,
  now: () => number,
): SoleUse {
  if (manualSeal) {
    return { consensus, seen: () => undefined, own: (proposal) => proposal, maySign: () => true };
  }
  return soleUse({ consensus, chain, mayAuthor, now, logger });
}

interface HostParts extends Pick<SoleUse, 'own' | 'maySign'> {
  readonly chain: Chain;
  readonly blocks: BlockImport;
  readonly author: Author;
}

const hostOf = ({ chain, blocks, author, own, maySign }: HostParts): ConsensusHost => ({
  maySign,
  build: (proposal) => author.build(own(proposal)),
  check: (block) => blocks.check(block),
  importBlock: (block) => blocks.receive(block),
  best: () => chain.best(),
  finalized: () => chain.finalized(),
  onImported: blocks.onBlock.bind(blocks),
  onFinalized: blocks.onFinalized.bind(blocks),
  finalize: blocks.finalize.bind(blocks),
});

type Closing = Parts & { readonly blocks: BlockImport; readonly pool: TransactionPool };

/** What is being stored is stored before the database goes, and nothing asks it afterwards. */
async function shutDown(stop: () => Promise<void>, closing: Closing): Promise<void> {
  const { verifier, pool, blocks, database } = closing;
  await stop();
  await verifier.close();
  await pool.idle();
  await blocks.stop();
  await database.close();
}

/** A runtime that fails costs a block, not the node. */
async function authorOrLog(author: Author, { keys, logger }: CheckedOptions): Promise<void> {
  if (keys.authors.length === 0) return;
  try {
    await author.author('due');
  } catch (error) {
    logger.error({ err: error }, 'No block could be made; the next attempt follows in the next slot');
  }
}
