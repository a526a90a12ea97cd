import type { Runtime } from '@hamster/frame';
import type { Backend } from './backend.ts';
import type { BlockImport } from './block-import.ts';
import type { Consensus } from './consensus/consensus.ts';
import { NodeError } from './errors.ts';
import type { Hash, Header } from './header.ts';
import type { Listeners } from './listeners.ts';
import type { AcceptedTransaction, ChainAccess } from './network/chain-access.ts';
import { keysOfCall } from './network/serve/call-proof.ts';
import type { Chain } from './storage/chain.ts';

export interface AccessParts {
  readonly runtime: Runtime;
  readonly chain: Chain;
  readonly consensus: Consensus;
  readonly blocks: BlockImport;
  readonly backend: Backend;
  readonly accepted: Listeners<AcceptedTransaction>;
  /** Wall clock in ms. */
  readonly now: () => number;
  /** Told of headers that peers show. */
  readonly seen: (header: Header) => void;
}

/** The node as its network sees it. */
export function createChainAccess({
  runtime,
  chain,
  consensus,
  blocks,
  backend,
  accepted,
  now,
  seen,
}: AccessParts): ChainAccess {
  return {
    ...backend,
    seen,
    pace() {
      const { header, state } = chain.parent(chain.best());
      const { time, round } = consensus.timing(header, state);
      return { ageMs: now() - Number(time), roundMs: Number(round) };
    },
    validatorSet: (hash) => validatorSetOf(chain, consensus, hash),
    setEnds: (above) => chain.setEnds(above),
    *callProof(hash, method, args) {
      const state = backend.stateAt(hash);
      // The state may have been pruned meanwhile.
      return state && backend.proof(hash, yield* keysOfCall(runtime, state, { method, args }));
    },
    onTransaction: (listener) => accepted.add(listener),
    importBlock: (block) => blocks.receive(block),
    finalizeBlock: (hash, justification) => blocks.finalize(hash, justification),
  };
}

/** The set is the one that the state of the block's parent names. */
function validatorSetOf(chain: Chain, consensus: Consensus, hash: Hash): bigint | undefined {
  const header = chain.blocks.header(hash);
  if (!header) return undefined;
  const parent = header.number === 0 ? hash : header.parentHash;
  try {
    return consensus.validators(chain.parent({ hash: parent, number: Math.max(0, header.number - 1) }).state)
      .id;
  } catch (error) {
    if (error instanceof NodeError && error.code === 'NODE_STATE_UNAVAILABLE') return undefined;
    throw error;
  }
}
