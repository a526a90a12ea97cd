import { blake2b256, toHex } from '@hamster/crypto';
import type { Runtime } from '@hamster/frame';
import { StateDb, type Pruning } from '@hamster/state';
import type { ChainSpec } from '../chain-spec.ts';
import { NodeError } from '../errors.ts';
import { genesisBlock } from '../genesis.ts';
import { BlockStore } from './block-store.ts';
import { Chain } from './chain.ts';
import type { OpenDatabase } from './database.ts';

/** Under this key the database keeps the digest of the configuration that its genesis block was made of. */
const SOURCE = 'genesis-source';

export interface OpenChainParts {
  readonly database: OpenDatabase;
  readonly spec: ChainSpec;
  readonly runtime: Runtime;
  readonly pruning: Pruning;
}

/** The chain in the database, begun now when it is new. Throws NODE_OTHER_GENESIS when it is another one. */
export function openChain({ database, spec, runtime, pruning }: OpenChainParts): Chain {
  const { env, path } = database;
  const state = new StateDb({ env, pruning, version: runtime.version.stateVersion });
  const blocks = new BlockStore(env);
  const chain = new Chain({ env, blocks, state });
  const known = blocks.mark('genesis');
  const source = digestOf(spec.genesis);
  if (known && env.get(SOURCE) === source) return chain;
  const genesis = genesisBlock(spec, runtime, state);
  if (!known) chain.begin(genesis);
  else if (known.hash !== genesis.block.hash) {
    throw new NodeError(
      'NODE_OTHER_GENESIS',
      `${path} holds the chain with genesis ${known.hash}, but the chain spec "${spec.id}" makes ${genesis.block.hash}: ` +
        'choose another base path, or remove this one to start the chain over',
    );
  }
  env.putSync(SOURCE, source);
  return chain;
}

/** Names a configuration: to make the genesis block of a large one again takes much longer than to recognise it. */
const digestOf = (genesis: ChainSpec['genesis']): string =>
  toHex(blake2b256(Buffer.from(JSON.stringify(genesis))));
