import type { Runtime } from '@hamster/frame';
import { Author } from './author.ts';
import type { Backend, BlockEvent, ManualSeal } from './backend.ts';
import { BlockImport } from './block-import.ts';
import { instantFinality } from './consensus/instant.ts';
import type { ForeignBlock } from './execution/verify-block.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createBackend } from './node-backend.ts';
import { checkOptions, type CheckedOptions, type NodeOptions } from './options.ts';
import { BestState } from './pool/best-state.ts';
import { TransactionPool } from './pool/pool.ts';
import { SignatureVerifier } from './signatures/verifier.ts';
import type { Chain } from './storage/chain.ts';
import { openDatabase, type OpenDatabase } from './storage/database.ts';
import { openChain } from './storage/open-chain.ts';

export interface NodeModules {
  /** The rules of the chain. */
  readonly runtime: Runtime;
}

export interface Node {
  readonly backend: Backend;
  /** Executes a block that another node made and takes it as the new head. Rejects with NODE_BLOCK_REFUSED. */
  importBlock(block: ForeignBlock): Promise<BlockEvent>;
  /** Stops making blocks, lets go of the database. Idempotent. What was answered as stored stays stored. */
  close(): Promise<void>;
}

/** How much of the block time may go into filling a block; the rest is for everything else. */
const BUILD_SHARE = 0.5;
const MAX_SIGNATURES_WAITING = 16_384;

/**
 * Starts a node that authors by itself, with every block final at once. Throws NodeError (NODE_OPTIONS,
 * NODE_OTHER_GENESIS, NODE_DATABASE_IN_USE, NODE_DATABASE_FORMAT) and leaves nothing open when it does.
 */
export async function startNode(options: NodeOptions, { runtime }: NodeModules): Promise<Node> {
  const checked = checkOptions(options);
  const database = openDatabase(checked.location, checked.chainSpec.id);
  let verifier: SignatureVerifier | undefined;
  try {
    const { chainSpec: spec, pruning, blockTime, logger, signatureWorkers: workers } = checked;
    const consensus = instantFinality({ slotDuration: blockTime });
    const chain = openChain({ database, spec, runtime, consensus, pruning });
    verifier = new SignatureVerifier({ workers, maxWaiting: MAX_SIGNATURES_WAITING, logger });
    return run(checked, { runtime, chain, verifier, database });
  } catch (error) {
    await verifier?.close();
    await database.close();
    throw error;
  }
}

interface Parts {
  readonly runtime: Runtime;
  readonly chain: Chain;
  readonly verifier: SignatureVerifier;
  readonly database: OpenDatabase;
}

function run(options: CheckedOptions, { runtime, chain, verifier, database }: Parts): Node {
  const { chainSpec, logger, blockTime, now, limits } = options;
  const pool = new TransactionPool({ runtime, verifier, limits, logger, best: new BestState(chain) });
  const blocks = new BlockImport({ chain, runtime, pool, verifier, logger });
  const author = new Author({
    chain,
    runtime,
    pool,
    verifier,
    blocks,
    now,
    logger,
    budget: blockTime * BUILD_SHARE,
  });
  const manualSeal = options.manualSeal ? sealOnDemand(author, pool) : undefined;
  const backend = createBackend({ runtime, chainSpec, chain, pool, blocks, manualSeal });
  logger.info(
    { chain: chainSpec.name, genesis: backend.genesisHash, best: chain.best(), path: database.path },
    'Chain open',
  );
  const stop = manualSeal ? () => undefined : startHeartbeat(blockTime, () => authorOrLog(author, options));
  let closing: Promise<void> | undefined;
  return {
    backend,
    importBlock: (block) => blocks.receive(block),
    close: () => (closing ??= shutDown(stop, verifier, database)),
  };
}

async function shutDown(
  stop: () => void,
  verifier: SignatureVerifier,
  database: OpenDatabase,
): Promise<void> {
  stop();
  await verifier.close();
  await database.close();
}

/** A runtime that fails costs a block, not the node. */
function authorOrLog(author: Author, { logger }: CheckedOptions): void {
  try {
    author.author();
  } catch (error) {
    logger.error({ err: error }, 'No block could be made; the next attempt follows after the block time');
  }
}

function sealOnDemand(author: Author, pool: TransactionPool): ManualSeal {
  return {
    async newBlock() {
      await pool.idle();
      const event = author.author();
      return { hash: event.hash, number: event.number };
    },
  };
}
