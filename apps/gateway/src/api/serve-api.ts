import type { DaemonContext } from '@hamster/daemon';
import { apiService, processMetrics, type DaemonApi, type LiveEvents } from '@hamster/daemon-api';
import type { Config } from '../config.ts';
import { addGatewayMetrics } from './gateway-metrics.ts';
import type { ApiModules } from './modules.ts';
import { addRewardsRoutes } from './rewards-routes.ts';
import { addSettingsRoutes } from './settings-routes.ts';
import { addStatusRoutes } from './status-routes.ts';

export interface ServeApi extends Pick<DaemonContext<never>, 'log' | 'lifecycle'> {
  readonly config: Pick<Config, 'api' | 'home'>;
  readonly events: LiveEvents;
  readonly modules: ApiModules;
}

/** How often listeners of live updates hear of the relay, if it has changed; in ms. */
const TELL_MS = 2_000;

/** Serves the HTTP API and the metrics, unless they are switched off. */
export async function serveApi(context: ServeApi): Promise<DaemonApi | undefined> {
  const { config, log, lifecycle, events, modules } = context;
  if (!config.api.enabled) return undefined;
  const registry = processMetrics();
  addGatewayMetrics(registry, modules);
  await lifecycle.start({
    name: 'live updates',
    start: () => tellOfRelay(modules, events),
    stop: (timer) => clearInterval(timer),
  });
  return lifecycle.start(
    apiService({
      settings: config.api,
      home: config.home,
      info: {
        title: 'hamster-gateway',
        description: 'What a relay does and earns, and what may be changed while it runs.',
        version: modules.version,
      },
      log,
      registry,
      events,
      routes(app) {
        addStatusRoutes(app, modules);
        addSettingsRoutes(app, modules);
        addRewardsRoutes(app, modules);
      },
    }),
  );
}

function tellOfRelay({ host: { relay } }: ApiModules, events: LiveEvents): NodeJS.Timeout {
  let last = '';
  return setInterval(() => {
    if (events.listeners === 0) return;
    const now = {
      reservations: relay.reservations().length,
      circuits: relay.circuits(),
      relayedBytes: relay.relayedBytes(),
    };
    const text = JSON.stringify(now);
    if (text !== last) events.publish('relay', now);
    last = text;
  }, TELL_MS);
}
