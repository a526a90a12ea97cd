/**
 * Pages that may talk to this node. Browsers let any page open a WebSocket to localhost, and only the node can tell
 * them apart: by the Origin header, which programs that are no browsers do not send.
 */
export type AllowedOrigins = 'all' | readonly string[];

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Pages served from this machine are always allowed. */
export function isOriginAllowed(origin: string | undefined, allowed: AllowedOrigins): boolean {
  if (origin === undefined || allowed === 'all') return true;
  return allowed.includes(origin) || isLocal(origin);
}

function isLocal(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  const isLocalName = LOCAL_HOSTS.has(hostname) || hostname.endsWith('.localhost');
  return isLocalName && (protocol === 'http:' || protocol === 'https:');
}
