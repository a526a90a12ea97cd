import { lazily, type Suite } from '../suite.ts';

export const chainSuite: Suite = {
  name: 'chain',
  measures: [
    lazily('throughput', async () => (await import('./throughput.ts')).throughput),
    lazily('read-latency', async () => (await import('./read-latency.ts')).readLatency),
    lazily('due-leases', async () => (await import('./due-leases.ts')).dueLeases),
    lazily('start-up', async () => (await import('./start-up.ts')).startUp),
    lazily('catch-up', async () => (await import('./catch-up.ts')).catchUp),
    lazily('chopsticks', async () => (await import('./chopsticks.ts')).chopsticks),
  ],
};
