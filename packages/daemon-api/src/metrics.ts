import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { LiveEvents } from './live-events.ts';

/** Gauges that the library names as if they counted; each is the sum of one that it gives too. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** A registry of a daemon's own, with what Prometheus expects of every process in it. */
export function processMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return registry;
}

/** Counts the API's own requests and listeners. Routes are counted by their pattern, so that there are few. */
export function measureRequests(app: FastifyInstance, registry: Registry, events: LiveEvents): void {
  const requests = new Counter({
    name: 'hamster_api_requests_total',
    help: 'Requests to the HTTP API, by what was answered',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  new Gauge({
    name: 'hamster_api_event_listeners',
    help: 'Open streams of live updates',
    registers: [registry],
    collect() {
      this.set(events.listeners);
    },
  });
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode }) => {
    requests.inc({ method, route: routeOptions.url ?? 'none', status: statusCode });
  });
}
