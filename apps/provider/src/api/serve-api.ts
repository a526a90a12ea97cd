import type { DaemonContext } from '@hamster/daemon';
import { apiService, processMetrics, type DaemonApi, type LiveEvents } from '@hamster/daemon-api';
import type { Config } from '../config.ts';
import { addProviderMetrics } from '../metrics/provider-metrics.ts';
import type { ApiModules } from './modules.ts';
import { addRoutes } from './routes.ts';

export interface ServeApi extends Pick<DaemonContext<never>, 'log' | 'lifecycle'> {
  readonly config: Config;
  readonly events: LiveEvents;
  readonly modules: ApiModules;
}

/** Serves the HTTP API and the metrics, unless they are switched off. */
export async function serveApi({
  config,
  log,
  lifecycle,
  events,
  modules,
}: ServeApi): Promise<DaemonApi | undefined> {
  if (!config.api.enabled) return undefined;
  const registry = processMetrics();
  const { client, market, pulse, now, version } = modules;
  const marketNow = async () =>
    client.state() === 'connected' ? market.current().catch(() => undefined) : undefined;
  addProviderMetrics(registry, { pulse, market: marketNow, now });
  return lifecycle.start(
    apiService({
      settings: config.api,
      home: config.home,
      info: {
        title: 'hamster-provider',
        description:
          'What the daemon on a spare machine does and has, and what may be changed while it runs.',
        version,
      },
      log,
      registry,
      events,
      routes: (app) => addRoutes(app, modules),
    }),
  );
}
