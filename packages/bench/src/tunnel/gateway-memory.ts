import type { GatewayAddress, ProviderAddress } from '@hamster/p2p';
import { BenchError } from '../errors.ts';
import { figure } from '../figure.ts';
import type { Measure } from '../suite.ts';
import type { GatewayMemory } from './parts/gateway.ts';
import { startFlags } from '../start-flags.ts';
import { startPart, type Part } from './start-part.ts';

/** Connected before the measurement begins, so that code and pools that every gateway needs do not count. */
const WARM = 50;
const CLIENTS = 400;
const QUICK_CLIENTS = 5;

/** How much more a gateway holds for each client that is connected to a provider through it, and idle. */
export const gatewayMemory: Measure = {
  name: 'gateway-memory',
  async run({ quick }) {
    const clients = quick ? QUICK_CLIENTS : CLIENTS;
    const parts: Part<unknown>[] = [];
    async function part<R>(name: string, init: unknown, nodeArgs: string[] = []): Promise<Part<R>> {
      const started = await startPart<R>(name, { init, nodeArgs });
      parts.push(started);
      return started;
    }
    try {
      const flags = await startFlags('gateway');
      const gateway = await part<GatewayAddress>('gateway', {}, ['--expose-gc', ...flags]);
      const provider = await part<ProviderAddress>('provider', { gateways: [gateway.ready], machine: 1 });
      const arrive = { gateway: gateway.ready, provider: provider.ready.peerId };
      await part('idle-clients', { ...arrive, clients: quick ? QUICK_CLIENTS : WARM });
      const before = await gateway.ask<GatewayMemory>();
      await part('idle-clients', { ...arrive, clients });
      const after = await gateway.ask<GatewayMemory>();
      if (after.circuits - before.circuits !== clients) {
        throw new BenchError('BENCH_WRONG_RESULT', 'Not every client stayed connected');
      }
      const perClient = (of: 'rss' | 'heap'): number => (after[of] - before[of]) / 1024 / clients;
      return [
        figure({
          name: 'gateway-memory-per-idle-client',
          value: perClient('rss'),
          unit: 'KiB',
          goal: { of: 'value', is: '<=', limit: 100 },
        }),
        figure({ name: 'gateway-heap-per-idle-client', value: perClient('heap'), unit: 'KiB' }),
      ];
    } finally {
      for (const each of parts.reverse()) await each.stop();
    }
  },
};
