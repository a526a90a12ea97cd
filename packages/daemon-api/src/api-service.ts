import { DaemonError, sentenceOf, writePrivateFile, type Logger, type Service } from '@hamster/daemon';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { createApp, type ApiApp, type ApiInfo } from './app.ts';
import { checkApiSettings, isLoopback, type ApiSettings } from './config.ts';
import type { ApiLimits } from './limits.ts';
import type { LiveEvents } from './live-events.ts';
import { urlPathIn } from './running-daemon.ts';
import { loadOrCreateToken, tokenPathIn } from './token.ts';

export interface ApiServiceOptions {
  readonly settings: ApiSettings;
  /** The daemon's private directory; the token is kept there. */
  readonly home: string;
  readonly info: ApiInfo;
  readonly log: Logger;
  readonly registry: Registry;
  readonly events: LiveEvents;
  readonly limits?: Partial<ApiLimits>;
  /** Adds the daemon's own routes. */
  routes(app: ApiApp): void;
}

/** An API that serves. */
export interface DaemonApi {
  /** Without a slash at the end. */
  readonly url: string;
  /** File that holds the token; the token itself is told to nobody. */
  readonly tokenPath: string;
  /** Ends live updates, finishes requests in progress, and gives the port back. */
  close(signal?: AbortSignal): Promise<void>;
}

/** The HTTP API of a daemon, to be started by its lifecycle after everything that its routes use. */
export function apiService(options: ApiServiceOptions): Service<DaemonApi> {
  return { name: 'api', start: () => serveApi(options), stop: (api, signal) => api.close(signal) };
}

async function serveApi({ settings, home, log, ...rest }: ApiServiceOptions): Promise<DaemonApi> {
  checkApiSettings(settings);
  const tokenPath = tokenPathIn(home);
  const token = await loadOrCreateToken(tokenPath);
  const { names, origins, openMetrics } = settings;
  const app = await createApp({ ...rest, log, token, names, origins, openMetrics });
  await listen(app, settings);
  const url = urlOf(app.server.address() as AddressInfo);
  log.info({ url, tokenFile: tokenPath }, 'the HTTP API serves; its token is in the file');
  if (!isLoopback(settings.host))
    log.warn(
      { host: settings.host },
      'other computers reach the HTTP API, in clear text: put TLS in front of it',
    );
  const urlPath = urlPathIn(home);
  // A disk that is full must not keep a daemon from its work.
  await writePrivateFile(urlPath, `${url}\n`).catch((error: unknown) =>
    log.warn(
      { reason: sentenceOf(error) },
      'commands may not find this daemon: its address was not written down',
    ),
  );
  return {
    url,
    tokenPath,
    async close(signal) {
      // One that stays misleads nobody: whoever asks there checks who answers.
      await rm(urlPath, { force: true }).catch(() => undefined);
      await close(app, signal);
    },
  };
}

async function listen(app: ApiApp, { host, port }: ApiSettings): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw new DaemonError(
      'API_NOT_LISTENING',
      `The HTTP API cannot listen on ${host} port ${port}: ${sentenceOf(cause)}. Choose another --api-port, or switch the API off.`,
      { cause },
    );
  }
}

/** Whoever still reads an answer at the deadline is cut off. */
async function close(app: ApiApp, signal?: AbortSignal): Promise<void> {
  const cut = (): void => app.server.closeAllConnections();
  signal?.addEventListener('abort', cut, { once: true });
  try {
    await app.close();
  } finally {
    signal?.removeEventListener('abort', cut);
  }
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
