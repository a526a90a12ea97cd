import { lazily, type Suite } from '../suite.ts';

/** What a tunnel costs, directly and through a gateway, beside `ssh -L`. */
export const tunnelSuite: Suite = {
  name: 'tunnel',
  measures: [
    lazily('tunnel-throughput', async () => (await import('./throughput.ts')).tunnelThroughput),
    lazily('tunnel-latency', async () => (await import('./latency.ts')).tunnelLatency),
    lazily('gateway-memory', async () => (await import('./gateway-memory.ts')).gatewayMemory),
  ],
};
