import { blake2b256, toHex } from '@hamster/crypto';
import type { Runtime } from '@hamster/frame';
import { sortedTrieRoot, StateDb, StateError, type Pruning } from '@hamster/state';
import type { ChainSpec, RecognisedSpec } from '../chain-spec.ts';
import { NodeError } from '../errors.ts';
import { requireKnownRules } from '../execution/rules-version.ts';
import { genesisBlock, genesisState, type GenesisEntry } from '../genesis.ts';
import { hashBytes } from '../hash.ts';
import { decodeHeader, headerHash } from '../header-codec.ts';
import type { Hash } from '../header.ts';
import type { Logger } from '../logger.ts';
import { BlockStore } from './block-store.ts';
import { Chain } from './chain.ts';
import { damaged } from './damage.ts';
import type { OpenDatabase } from './database.ts';
import { storedState, upgradeFormat } from './format.ts';
import { keepStates, keptStates } from './kept-states.ts';

/** Under this key the database keeps the digest of the configuration that its genesis block was made of. */
const SOURCE = 'genesis-source';

export interface OpenChainParts {
  readonly database: OpenDatabase;
  readonly spec: ChainSpec | RecognisedSpec;
  readonly runtime: Runtime;
  /** Undefined for what the database was told before. */
  readonly pruning: Pruning | undefined;
  /** Told of what takes long. */
  readonly logger?: Pick<Logger, 'info' | 'warn'>;
  /** Told once, when the database takes no more writes. */
  readonly onFailure?: (error: NodeError) => void;
}

export interface OpenChain {
  readonly chain: Chain;
  /** Digest of the configuration that its genesis block was made of. */
  readonly genesisSource: string;
}

/**
 * The chain in the database, begun now when it is new. Nothing is written before it is certain that this node can go on with it: a
 * database that is refused stays what it was, for the release and the spec that it belongs to. Throws NODE_OTHER_GENESIS when it is
 * another chain, NODE_RULES_OUTDATED when it goes by newer rules, NODE_STATE_OUTDATED when by too old ones, NODE_PRUNING,
 * NODE_DATABASE_DAMAGED, and what `upgradeFormat` and reading a recognised spec throw.
 */
export async function openChain({
  database,
  spec,
  runtime,
  pruning: wanted,
  logger,
  onFailure = () => undefined,
}: OpenChainParts): Promise<OpenChain> {
  const { env, path } = database;
  const version = runtime.version.stateVersion;
  const blocks = new BlockStore(env);
  const pruning = keptStates(database, wanted, blocks.mark('genesis') !== undefined);
  const { genesisSource, entries } = await beginningOf({ blocks, spec, runtime, database });
  if (entries) requireKnownRules(runtime, readerOf(entries));
  else checkHead({ blocks, runtime, database });

  upgradeFormat({ env, path, version, logger });
  keepStates(env, pruning);
  const state = new StateDb({ env, pruning, version });
  const chain = new Chain({ env, blocks, state, path, onFailure });
  if (entries) chain.begin(entries);
  if (env.get(SOURCE) !== genesisSource) env.putSync(SOURCE, genesisSource);
  return { chain, genesisSource };
}

type Parts = Pick<OpenChainParts, 'runtime' | 'database'> & { readonly blocks: BlockStore };

interface Beginning {
  readonly genesisSource: string;
  /** The first state of a chain that is yet to begin. */
  readonly entries?: readonly GenesisEntry[];
}

/** Makes sure that the chain that is here began as the spec says, or answers with what a new one begins. */
async function beginningOf({
  blocks,
  spec,
  runtime,
  database: { env, path },
}: Parts & Pick<OpenChainParts, 'spec'>): Promise<Beginning> {
  const known = blocks.mark('genesis');
  const source: unknown = env.get(SOURCE);
  if (known && 'read' in spec && source === spec.genesisSource) return { genesisSource: spec.genesisSource };
  const whole = 'read' in spec ? await spec.read() : spec;
  const genesisSource = digestOf(whole);
  if (known && source === genesisSource) return { genesisSource };
  const entries = genesisState(whole, runtime);
  if (!known) return { genesisSource, entries };
  const { hash } = genesisBlock(sortedTrieRoot(entries, runtime.version.stateVersion));
  if (known.hash !== hash) throw otherGenesis(path, known.hash, `"${spec.id}" makes ${hash}`);
  return { genesisSource };
}

/** Only to find one entry: an index of a large state would take as long as it. */
const readerOf = (entries: readonly GenesisEntry[]) => ({
  get: (key: Uint8Array) => entries.find(([each]) => Buffer.compare(each, key) === 0)?.[1],
});

const otherGenesis = (path: string, here: Hash, other: string): NodeError =>
  new NodeError(
    'NODE_OTHER_GENESIS',
    `${path} holds the chain with genesis ${here}, but the chain spec ${other}: ` +
      'choose another base path, say what it was begun with (its spec, or its --block-time), or remove this one to start the chain over',
  );

/**
 * Throws NODE_DATABASE_DAMAGED unless the best block is what its hash says and its state is there, and what `requireKnownRules` says of
 * that.
 */
function checkHead({ blocks, runtime, database: { env, path } }: Parts): void {
  const best = blocks.mark('best');
  if (!best) throw damaged(path, 'it does not know its best block');
  const encoded = blocks.encodedHeader(best.hash);
  if (!encoded || headerHash(encoded) !== best.hash || !blocks.body(best.hash)) {
    throw damaged(path, `block #${best.number} is not what its hash says`);
  }
  const state = storedState(env, hashBytes(decodeHeader(encoded).stateRoot));
  if (!state) throw damaged(path, `the state of block #${best.number} is not there`);
  try {
    requireKnownRules(runtime, state);
  } catch (error) {
    throw error instanceof StateError ? damaged(path, error.message, error) : error;
  }
}

/** Names a genesis: to make the block of a large one again takes much longer than to recognise it. */
const digestOf = ({ genesis, rawGenesis }: ChainSpec): string =>
  toHex(blake2b256(Buffer.from(JSON.stringify([genesis, rawGenesis ?? null]))));
