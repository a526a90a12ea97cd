export type { Backend, BlockEvent, BlockId, ManualSeal, SyncState, Watched } from './backend.ts';
export type { ChainProperties, ChainSpec, ChainType } from './chain-spec.ts';
export type { Hash, Header } from './header.ts';
export { PoolError, type PoolErrorCode } from './pool/errors.ts';
export { isFinalStatus, type StatusListener, type TransactionStatus } from './pool/status.ts';
export {
  RpcListenError,
  startRpcServer,
  type AllowedOrigins,
  type NodeIdentity,
  type RpcLimits,
  type RpcServer,
  type RpcServerOptions,
} from './rpc/index.ts';
