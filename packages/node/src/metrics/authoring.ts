import { Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricSources } from './sources.ts';

/** Seconds. A block is filled for half a slot at the most. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function measureAuthoring(registry: Registry, { onAuthored }: MetricSources): () => void {
  const time = new Histogram({
    name: 'substrate_proposer_block_constructed',
    help: 'Histogram of time taken to construct new block, in seconds',
    buckets: BUCKETS,
    registers: [registry],
  });
  const transactions = new Gauge({
    name: 'substrate_proposer_number_of_transactions',
    help: 'Number of transactions included in block',
    registers: [registry],
  });
  return onAuthored((made) => {
    time.observe(made.ms / 1000);
    transactions.set(made.transactions);
  });
}
