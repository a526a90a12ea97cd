import { DaemonError, EXIT_USAGE, Type, type Static } from '@hamster/daemon';
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** The settings of a daemon's HTTP API: to be put in its schema as `api`, with its own port. */
export function apiSettings(port: number) {
  return Type.Object({
    enabled: Type.Boolean({
      default: true,
      description: 'Serve the HTTP API for consoles, scripts and Prometheus',
      off: 'Serve no HTTP API for consoles, scripts and Prometheus',
    }),
    host: Type.String({
      default: '127.0.0.1',
      placeholder: 'address',
      description: 'Address to serve the API at; other computers reach it only with --api-exposed',
    }),
    port: Type.Integer({
      default: port,
      minimum: 0,
      maximum: 65_535,
      placeholder: 'port',
      description: 'Port of the API; 0 takes a free one',
    }),
    exposed: Type.Boolean({
      default: false,
      description:
        'Allow an --api-host that other computers reach: whoever has the token then commands this daemon from there, and without TLS in front the token can be read on the way',
    }),
    names: Type.Array(Type.String(), {
      default: [],
      placeholder: 'name',
      description: 'Further host names under which the API may be called, as behind a proxy',
    }),
    origins: Type.Array(Type.String(), {
      default: [],
      placeholder: 'url',
      description: 'Web pages that may call the API from a browser, e.g. https://market.example',
    }),
    openMetrics: Type.Boolean({
      default: false,
      description: 'Give /metrics without the token, to anyone who reaches the port',
    }),
  });
}

export type ApiSettings = Static<ReturnType<typeof apiSettings>>;

/** Whether only this computer reaches what listens there. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** Throws `API_EXPOSED` or `API_ORIGIN` for settings that would not do what they seem to. */
export function checkApiSettings(settings: ApiSettings): void {
  if (!isLoopback(settings.host) && !settings.exposed) throw exposed(settings.host);
  const wrong = settings.origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return;
  throw new DaemonError(
    'API_ORIGIN',
    `--api-origins has "${wrong}", which is no origin: give scheme, host and port alone, as https://market.example.`,
    { exitCode: EXIT_USAGE },
  );
}

function exposed(host: string): DaemonError {
  return new DaemonError(
    'API_EXPOSED',
    `The API would listen on ${host}, where other computers reach it: whoever has the token could command this daemon from there, ` +
      'and without TLS in front the token can be read on the way. Leave --api-host at 127.0.0.1, or say --api-exposed.',
    { exitCode: EXIT_USAGE },
  );
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
