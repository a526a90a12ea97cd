export type { LogFilter, NodeIdentity, RpcLimits } from './context.ts';
export { RpcListenError } from './server/errors.ts';
export type { AllowedOrigins } from './server/gate.ts';
export { type RpcServer, type RpcServerOptions, startRpcServer } from './server/server.ts';
