import type { Runtime } from '@hamster/frame';
import { StateDb, type Pruning } from '@hamster/state';
import type { ChainSpec } from '../chain-spec.ts';
import { NodeError } from '../errors.ts';
import { genesisBlock } from '../genesis.ts';
import { BlockStore } from './block-store.ts';
import { Chain } from './chain.ts';
import type { OpenDatabase } from './database.ts';

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
  const genesis = genesisBlock(spec, runtime, state);
  const known = blocks.mark('genesis');
  if (!known) chain.begin(genesis);
  else if (known.hash !== genesis.block.hash) {
    throw new NodeError(
      'NODE_OTHER_GENESIS',
      `${path} holds the chain with genesis ${known.hash}, but the chain spec "${spec.id}" makes ${genesis.block.hash}: ` +
        'choose another base path, or remove this one to start the chain over',
    );
  }
  return chain;
}
