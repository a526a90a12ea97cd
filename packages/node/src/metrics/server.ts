import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { nodeMetrics } from './registry.ts';
import type { MetricSources } from './sources.ts';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface MetricsServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A scrape every second from several collectors needs no more. */
const CONNECTIONS = 16;
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 65_000 } as const;

/** Serves what the node measures as `GET /metrics`, and nothing else. Rejects with the system's error when it cannot listen. */
export async function startMetricsServer(
  { host, port }: MetricsServerOptions,
  sources: MetricSources,
): Promise<MetricsServer> {
  const metrics = nodeMetrics(sources);
  const http = createServer(
    TIMEOUTS,
    (request, response) => void answer(metrics.registry, request, response),
  );
  http.maxConnections = CONNECTIONS;
  try {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen({ host, port }, resolve);
    });
  } catch (error) {
    metrics.stop();
    throw error;
  }
  // What comes after the start is of single connections.
  http.on('error', () => undefined);
  const { address, port: taken } = http.address() as AddressInfo;
  return {
    host: address,
    port: taken,
    async close() {
      metrics.stop();
      const closed = new Promise<void>((resolve) => void http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
}

async function answer(registry: Registry, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path] = (request.url ?? '').split('?');
  if (path !== '/metrics') return end(response, 404, 'Not found.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'GET is required.');
  try {
    const text = await registry.metrics();
    response.setHeader('content-type', registry.contentType);
    end(response, 200, text);
  } catch {
    end(response, 500, 'The metrics could not be read.');
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.end(text);
}
