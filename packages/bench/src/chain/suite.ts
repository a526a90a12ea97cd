import type { Suite } from '../suite.ts';
import { catchUp } from './catch-up.ts';
import { chopsticks } from './chopsticks.ts';
import { dueLeases } from './due-leases.ts';
import { readLatency } from './read-latency.ts';
import { startUp } from './start-up.ts';
import { throughput } from './throughput.ts';

export const chainSuite: Suite = {
  name: 'chain',
  measures: [throughput, readLatency, dueLeases, startUp, catchUp, chopsticks],
};
