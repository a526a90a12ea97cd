import type { IncomingHttpHeaders } from 'node:http';

/**
 * Pages that may talk to this node. Browsers let any page open a WebSocket to localhost, and only the node can tell
 * them apart: by the Origin header, which programs that are no browsers do not send.
 */
export type AllowedOrigins = 'all' | readonly string[];

/** Who is let in, by what the headers of a request say. */
export interface Gate {
  readonly allowedOrigins: AllowedOrigins;
  /**
   * The server listens to this machine only. Then a Host that is the name of some other machine comes from a page whose
   * name was made to point here (DNS rebinding).
   */
  readonly localOnly: boolean;
  /** The server listens to others, and lets none of them steer the node: a page gets no more of it than any program. */
  readonly isPublic: boolean;
}

/** Why a request is not let in; undefined when it is. */
export function refusal({ origin, host }: IncomingHttpHeaders, gate: Gate): string | undefined {
  if (gate.allowedOrigins === 'all') return undefined;
  const isOwn = gate.isPublic && isOwnOrigin(origin, host);
  if (!isOwn && !isOriginAllowed(origin, gate.allowedOrigins)) return 'Origin not allowed\n';
  if (gate.localOnly && !isHostAllowed(host, gate.allowedOrigins)) {
    return 'Provided Host header is not whitelisted.\n';
  }
  return undefined;
}

/** Pages served from this machine are always allowed. */
function isOriginAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  return isLocalName(hostname) && (protocol === 'http:' || protocol === 'https:');
}

/** Whether it names the server itself, as Python's websocket-client does of itself. */
const isOwnOrigin = (origin = '', host = ''): boolean =>
  URL.canParse(origin) && new URL(origin).hostname === hostnameOf(`http://${host}`);

/** Ports don't matter: a tunnel may have brought the request from another one. */
function isHostAllowed(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined) return true;
  const hostname = hostnameOf(`http://${host}`);
  if (hostname === undefined) return false;
  return isLocalName(hostname) || allowed.some((origin) => hostnameOf(origin) === hostname);
}

const hostnameOf = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).hostname : undefined;

const isLocalName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || isLoopback(hostname.replace(/^\[|\]$/g, ''));

/** Whether an IP address is one of this machine's own. */
export const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
