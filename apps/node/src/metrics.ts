import type { Lifecycle, Logger } from '@hamster/daemon';
import type { Node, NodeIdentity, RpcServer } from '@hamster/node';
import type { MetricsServer } from '@hamster/node/metrics';

export interface MetricsParts {
  /** Undefined for a node that is not to be watched. */
  readonly place: { readonly host: string; readonly port: number } | undefined;
  readonly node: Node;
  readonly identity: NodeIdentity;
  readonly rpc: RpcServer;
  readonly log: Logger;
}

/** Serves the node's metrics to Prometheus. Where that cannot be done, the node says so and goes on, as Substrate does. */
export async function serveMetrics(
  lifecycle: Lifecycle,
  { place, log, ...parts }: MetricsParts,
): Promise<void> {
  if (!place) return;
  await lifecycle.start({
    name: 'metrics',
    essential: false,
    start: () =>
      listen(parts, place).then(
        (server) => {
          log.info({ host: server.host, port: server.port }, 'listening for Prometheus');
          return server;
        },
        (error: unknown) => {
          log.warn({ err: error }, whyNot(error, place));
          return undefined;
        },
      ),
    stop: (server) => server?.close(),
  });
}

async function listen(
  { node, identity, rpc }: Omit<MetricsParts, 'place' | 'log'>,
  place: NonNullable<MetricsParts['place']>,
): Promise<MetricsServer> {
  // Behind the settings, and behind the start of all else: nobody waits for what few ask for.
  const { startMetricsServer } = await import('@hamster/node/metrics');
  const { backend, onAuthored } = node;
  return startMetricsServer(place, { backend, identity, rpc, onAuthored });
}

function whyNot(error: unknown, { host, port }: NonNullable<MetricsParts['place']>): string {
  const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const why = isTaken ? `port ${port} on ${host} is in use` : `nothing can listen on ${host}:${port}`;
  return `The metrics are not served: ${why}. Choose another port with --prometheus-port, or say --no-prometheus.`;
}
