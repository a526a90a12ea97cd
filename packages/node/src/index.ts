export type {
  Backend,
  BlockEvent,
  BlockId,
  FinalityEvent,
  ManualSeal,
  SyncState,
  Watched,
} from './backend.ts';
export type { KeyStore, KeyType } from './key-store.ts';
export type { GenesisConfig } from '@hamster/frame';
export type { ChainOutline, ChainProperties, ChainSpec, ChainType, RecognisedSpec } from './chain-spec.ts';
export type {
  Consensus,
  ConsensusHost,
  Justification,
  Parent,
  Proposal,
  ProposalMode,
  ValidatorSet,
  Voter,
} from './consensus/consensus.ts';
export type { ConsensusKeys, Signer } from './consensus/keys.ts';
export { singleAuthor, type ConsensusParts } from './consensus/single-author.ts';
export { NodeError, type NodeErrorCode } from './errors.ts';
export type { ForeignBlock } from './execution/verify-block.ts';
export { genesisState } from './genesis.ts';
export type { Hash, Header } from './header.ts';
export type { Logger } from './logger.ts';
export { startNode, type Node, type NodeModules } from './node.ts';
export type { NodeOptions } from './options.ts';
export { PoolError, type PoolErrorCode } from './pool/errors.ts';
export type { PoolLimits } from './pool/limits.ts';
export { isFinalStatus, type StatusListener, type TransactionStatus } from './pool/status.ts';
export {
  RpcListenError,
  startRpcServer,
  type AllowedOrigins,
  type LogFilter,
  type NodeIdentity,
  type RpcLimits,
  type RpcServer,
  type RpcServerOptions,
} from './rpc/index.ts';
export { decodeBlocks, encodeBlocks, type BlockRange } from './offline/block-file.ts';
export { purgeDatabase } from './offline/purge.ts';
export { revertChain, type Reverted, type RevertOptions } from './offline/revert.ts';
export { chainFolder } from './storage/database.ts';
export { asDamage } from './storage/damage.ts';
