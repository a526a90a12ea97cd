import { Counter, Histogram, type Registry } from 'prom-client';
import { gauge } from './chain.ts';
import type { MetricSources } from './sources.ts';

/** μs, as Substrate has them. */
const BUCKETS = [5, 25, 100, 500, 1000, 2500, 10_000, 25_000, 100_000, 1_000_000, 10_000_000];

/** Calls by their method, of which there are so many only: others never come to be called. */
export function measureRpc(registry: Registry, rpc: MetricSources['rpc']): () => void {
  const registers = [registry];
  const time = new Histogram({
    name: 'substrate_rpc_calls_time',
    help: 'Total time [μs] of processed RPC calls',
    labelNames: ['method'],
    buckets: BUCKETS,
    registers,
  });
  const started = new Counter({
    name: 'substrate_rpc_calls_started',
    help: 'Number of received RPC calls (unique un-batched requests)',
    labelNames: ['method'],
    registers,
  });
  const finished = new Counter({
    name: 'substrate_rpc_calls_finished',
    help: 'Number of processed RPC calls (unique un-batched requests)',
    labelNames: ['method', 'is_error'],
    registers,
  });
  measureSessions(registry, rpc);
  return rpc.onCall({
    started: (method) => started.inc({ method }),
    finished({ method, failed, micros }) {
      finished.inc({ method, is_error: String(failed) });
      time.observe({ method }, micros);
    },
  });
}

function measureSessions(registry: Registry, rpc: MetricSources['rpc']): void {
  const sessions = (name: string, help: string, count: () => number): void => {
    new Counter({
      ...{ name, help },
      registers: [registry],
      collect() {
        this.reset();
        this.inc(count());
      },
    });
  };
  const opened = 'substrate_rpc_sessions_opened';
  sessions(opened, 'Number of persistent RPC sessions opened', () => rpc.sessions());
  const closed = 'substrate_rpc_sessions_closed';
  sessions(closed, 'Number of persistent RPC sessions closed', () => rpc.sessions() - rpc.connections());
  gauge(registry, {
    name: 'hamster_node_rpc_block_subscriptions',
    help: 'Subscriptions that follow the blocks',
    value: () => rpc.subscriptions(),
  });
}
