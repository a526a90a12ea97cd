import type { AuthoredBlock } from '../author.ts';
import type { Backend } from '../backend.ts';
import type { RpcServer } from '../rpc/index.ts';
import type { NodeIdentity } from '../rpc/context.ts';

/** Where the figures come from. */
export interface MetricSources {
  readonly backend: Pick<Backend, 'best' | 'finalized' | 'chainSpec' | 'poolCounts'>;
  readonly identity: Pick<NodeIdentity, 'version' | 'roles' | 'network'>;
  readonly rpc: Pick<RpcServer, 'connections' | 'subscriptions' | 'sessions' | 'onCall'>;
  /** Calls the listener for each block that this node made, and returns the listener's removal. */
  readonly onAuthored: (listener: (made: AuthoredBlock) => void) => () => void;
}
