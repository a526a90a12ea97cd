import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { measureAuthoring } from './authoring.ts';
import { measureChain } from './chain.ts';
import { measureRpc } from './rpc.ts';
import type { MetricSources } from './sources.ts';

/** Gauges that the library names as if they counted; each is the sum of one that it gives too. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** As Substrate writes roles in bits. */
const ROLE_BITS = { Full: 1, Authority: 4 } as const;

export interface NodeMetrics {
  readonly registry: Registry;
  /** Listens to nothing any more. */
  stop(): void;
}

/**
 * What a node tells Prometheus: under Substrate's names, labels and units where Substrate has the figure, all labelled with the
 * chain's id; besides those of the process, and our own as `hamster_node_…`.
 */
export function nodeMetrics(sources: MetricSources): NodeMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ chain: sources.backend.chainSpec.id });
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  describeNode(registry, sources);
  measureChain(registry, sources);
  const stops = [measureRpc(registry, sources.rpc), measureAuthoring(registry, sources)];
  return { registry, stop: () => stops.forEach((stop) => stop()) };
}

function describeNode(registry: Registry, { identity }: MetricSources): void {
  new Gauge({
    name: 'substrate_build_info',
    help: "A metric with a constant '1' value labeled by name, version",
    labelNames: ['name', 'version'],
    registers: [registry],
  }).set({ name: 'hamster-node', version: identity.version }, 1);
  new Gauge({
    name: 'substrate_node_roles',
    help: 'The roles the node is running as: 1 full, 4 authority',
    registers: [registry],
  }).set(identity.roles.reduce((bits, role) => bits | ROLE_BITS[role], 0));
  new Gauge({
    name: 'substrate_process_start_time_seconds',
    help: 'Seconds between the UNIX epoch and the start of the process',
    registers: [registry],
  }).set(Math.floor(performance.timeOrigin / 1000));
}
