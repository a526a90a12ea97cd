import type { Backend } from '../../backend.ts';
import type { LogFilter, NodeIdentity } from '../context.ts';
import type { MethodTable } from '../protocol/method.ts';
import * as archiveStorageDiff from './archive-storage-diff.ts';
import * as archiveStorage from './archive-storage.ts';
import * as archive from './archive.ts';
import * as authorKeys from './author-keys.ts';
import * as author from './author.ts';
import * as blockStats from './block-stats.ts';
import * as chainHead from './chain-head.ts';
import * as chainSpec from './chain-spec.ts';
import * as chainSubscriptions from './chain-subscriptions.ts';
import * as chain from './chain.ts';
import * as childState from './child-state.ts';
import * as dev from './dev.ts';
import * as dryRun from './dry-run.ts';
import * as grandpa from './grandpa.ts';
import * as logFilters from './log-filter.ts';
import * as offchain from './offchain.ts';
import * as payment from './payment.ts';
import * as reservedPeers from './reserved-peers.ts';
import * as rpc from './rpc.ts';
import * as stateKeys from './state-keys.ts';
import * as stateQuery from './state-query.ts';
import * as stateSubscriptions from './state-subscriptions.ts';
import * as state from './state.ts';
import * as system from './system.ts';
import * as transactionWatch from './transaction-watch.ts';
import * as transaction from './transaction.ts';

export interface Served {
  readonly backend: Backend;
  readonly identity: NodeIdentity;
  readonly logFilter?: LogFilter | undefined;
}

/** Every method of this node, under its name on the wire. */
export function methodTable({ backend, identity, logFilter }: Served): MethodTable {
  return {
    ...archive,
    ...archiveStorage,
    ...archiveStorageDiff,
    ...author,
    ...blockStats,
    ...chain,
    ...chainHead,
    ...chainSpec,
    ...chainSubscriptions,
    ...childState,
    ...dryRun,
    ...grandpa,
    ...offchain,
    ...payment,
    ...rpc,
    ...state,
    ...stateKeys,
    ...stateQuery,
    ...stateSubscriptions,
    ...system,
    ...transaction,
    ...transactionWatch,
    ...(backend.keyStore ? authorKeys : {}),
    ...(backend.manualSeal ? dev : {}),
    ...(identity.network?.reserved ? reservedPeers : {}),
    ...(logFilter ? logFilters : {}),
  };
}
