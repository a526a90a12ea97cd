import { blake2b256, toHex } from '@hamster/crypto';
import type { Runtime } from '@hamster/frame';
import { sortedTrieRoot, StateDb, type Pruning } from '@hamster/state';
import type { ChainSpec, RecognisedSpec } from '../chain-spec.ts';
import { NodeError } from '../errors.ts';
import { requireKnownRules } from '../execution/rules-version.ts';
import { genesisBlock, genesisState } from '../genesis.ts';
import { hashBytes } from '../hash.ts';
import { decodeHeader, headerHash } from '../header-codec.ts';
import type { Hash } from '../header.ts';
import type { Logger } from '../logger.ts';
import { BlockStore } from './block-store.ts';
import { Chain } from './chain.ts';
import { damaged } from './damage.ts';
import type { OpenDatabase } from './database.ts';
import { upgradeFormat } from './format.ts';
import { keptStates } from './kept-states.ts';

/** Under this key the database keeps the digest of the configuration that its genesis block was made of. */
const SOURCE = 'genesis-source';

export interface OpenChainParts {
  readonly database: OpenDatabase;
  readonly spec: ChainSpec | RecognisedSpec;
  readonly runtime: Runtime;
  /** Undefined for what the database was told before. */
  readonly pruning: Pruning | undefined;
  /** Told of what takes long. */
  readonly logger?: Pick<Logger, 'info'>;
  /** Told once, when the database takes no more writes. */
  readonly onFailure?: (error: NodeError) => void;
}

export interface OpenChain {
  readonly chain: Chain;
  /** Digest of the configuration that its genesis block was made of. */
  readonly genesisSource: string;
}

/**
 * The chain in the database, begun now when it is new. Throws NODE_OTHER_GENESIS when it is another one,
 * NODE_RULES_OUTDATED when it goes by newer rules, NODE_STATE_OUTDATED when by too old ones, NODE_PRUNING, and what
 * `upgradeFormat` and reading a recognised spec throw.
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
  upgradeFormat({ env, path, version, logger });
  const pruning = keptStates(env, path, wanted);
  const state = new StateDb({ env, pruning, version });
  const blocks = new BlockStore(env);
  const chain = new Chain({ env, blocks, state, path, onFailure });
  const genesisSource = await begin({ chain, spec, runtime, database });
  checkHead(chain, path);
  requireKnownRules(runtime, chain.parent(chain.best()).state);
  return { chain, genesisSource };
}

type Beginning = Pick<OpenChainParts, 'spec' | 'runtime' | 'database'> & { readonly chain: Chain };

/**
 * Stores the first block of a new chain, or makes sure that the chain that is here began with it. Answers the digest of its
 * configuration.
 */
async function begin({ chain, spec, runtime, database: { env, path } }: Beginning): Promise<string> {
  const known = chain.blocks.mark('genesis');
  const source: unknown = env.get(SOURCE);
  if (known && 'read' in spec && source === spec.genesisSource) return spec.genesisSource;
  const whole = 'read' in spec ? await spec.read() : spec;
  const given = digestOf(whole);
  if (known && source === given) return given;
  const entries = genesisState(whole, runtime);
  if (known) {
    const { hash } = genesisBlock(sortedTrieRoot(entries, runtime.version.stateVersion));
    if (known.hash !== hash) throw otherGenesis(path, known.hash, `"${spec.id}" makes ${hash}`);
  } else chain.begin(entries);
  env.putSync(SOURCE, given);
  return given;
}

const otherGenesis = (path: string, here: Hash, other: string): NodeError =>
  new NodeError(
    'NODE_OTHER_GENESIS',
    `${path} holds the chain with genesis ${here}, but the chain spec ${other}: ` +
      'choose another base path, or remove this one to start the chain over',
  );

/** Throws NODE_DATABASE_DAMAGED unless the best block is what its hash says, and its state is there. */
function checkHead(chain: Chain, path: string): void {
  const { hash, number } = chain.best();
  const encoded = chain.blocks.encodedHeader(hash);
  if (!encoded || headerHash(encoded) !== hash || !chain.blocks.body(hash)) {
    throw damaged(path, `block #${number} is not what its hash says`);
  }
  const root = hashBytes(decodeHeader(encoded).stateRoot);
  if (!chain.state.has(root)) throw damaged(path, `the state of block #${number} is not there`);
}

/** Names a genesis: to make the block of a large one again takes much longer than to recognise it. */
const digestOf = ({ genesis, rawGenesis }: ChainSpec): string =>
  toHex(blake2b256(Buffer.from(JSON.stringify([genesis, rawGenesis ?? null]))));
