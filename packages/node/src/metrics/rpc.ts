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
  const tallies = new Map<string, Tally>();
  measureTallies(registry, tallies);
  measureSessions(registry, rpc);
  return rpc.onCall({
    started: (method) => void (tallyOf(tallies, method).started += 1),
    finished({ method, failed, micros }) {
      tallyOf(tallies, method)[failed ? 'failed' : 'succeeded'] += 1;
      time.observe({ method }, micros);
    },
  });
}

/** Calls of one method. */
interface Tally {
  started: number;
  succeeded: number;
  failed: number;
}

function tallyOf(tallies: Map<string, Tally>, method: string): Tally {
  const known = tallies.get(method);
  if (known) return known;
  const tally = { started: 0, succeeded: 0, failed: 0 };
  tallies.set(method, tally);
  return tally;
}

/** Told when somebody asks: a counter of the library costs more with each call than many a call. */
function measureTallies(registry: Registry, tallies: ReadonlyMap<string, Tally>): void {
  const registers = [registry];
  new Counter({
    name: 'substrate_rpc_calls_started',
    help: 'Number of received RPC calls (unique un-batched requests)',
    labelNames: ['method'],
    registers,
    collect() {
      this.reset();
      for (const [method, { started }] of tallies) this.inc({ method }, started);
    },
  });
  new Counter({
    name: 'substrate_rpc_calls_finished',
    help: 'Number of processed RPC calls (unique un-batched requests)',
    labelNames: ['method', 'is_error'],
    registers,
    collect() {
      this.reset();
      for (const [method, { succeeded, failed }] of tallies) {
        if (succeeded > 0) this.inc({ method, is_error: 'false' }, succeeded);
        if (failed > 0) this.inc({ method, is_error: 'true' }, failed);
      }
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
