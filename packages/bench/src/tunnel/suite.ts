import type { Suite } from '../suite.ts';
import { gatewayMemory } from './gateway-memory.ts';
import { tunnelLatency } from './latency.ts';
import { tunnelThroughput } from './throughput.ts';

/** What a tunnel costs, directly and through a gateway, beside `ssh -L`. */
export const tunnelSuite: Suite = {
  name: 'tunnel',
  measures: [tunnelThroughput, tunnelLatency, gatewayMemory],
};
