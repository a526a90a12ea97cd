export { DEFAULT_LIMITS, type NodeIdentity, type RpcLimits, type RpcLog } from './context.ts';
export { RpcListenError } from './server/errors.ts';
export type { AllowedOrigins } from './server/origins.ts';
export {
  type RpcServer,
  type RpcServerModules,
  type RpcServerOptions,
  startRpcServer,
} from './server/server.ts';
