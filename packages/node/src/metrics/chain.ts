import { Gauge, type Registry } from 'prom-client';
import type { MetricSources } from './sources.ts';

/** The chain, the pool and the network, as they are when somebody asks. */
export function measureChain(registry: Registry, { backend, identity }: MetricSources): void {
  const { network } = identity;
  const best = (): number => backend.best().number;
  new Gauge({
    name: 'substrate_block_height',
    help: 'Block height info of the chain: best, finalized, and sync_target, the highest that a peer claims',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      this.set({ status: 'best' }, best());
      this.set({ status: 'finalized' }, backend.finalized().number);
      this.set({ status: 'sync_target' }, Math.max(best(), network?.highestBlock() ?? 0));
    },
  });
  gauge(registry, {
    name: 'substrate_ready_transactions_number',
    help: 'Number of transactions in the ready queue',
    value: () => backend.poolCounts().ready,
  });
  gauge(registry, {
    name: 'hamster_node_future_transactions',
    help: 'Transactions in the pool that wait for one before them',
    value: () => backend.poolCounts().future,
  });
  gauge(registry, {
    name: 'substrate_sub_libp2p_peers_count',
    help: 'Number of connected peers',
    value: () => network?.peers().length ?? 0,
  });
  gauge(registry, {
    name: 'substrate_sub_libp2p_is_major_syncing',
    help: 'Whether the node is far behind its peers: 1 if it is',
    value: () => (network?.isSyncing() ? 1 : 0),
  });
}

interface OneGauge {
  readonly name: string;
  readonly help: string;
  readonly value: () => number;
}

export function gauge(registry: Registry, { name, help, value }: OneGauge): void {
  new Gauge({
    ...{ name, help },
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}
