import { createSocket, type RemoteInfo } from 'node:dgram';
import { PeerError } from '../errors.ts';
import type { Router } from './router.ts';

export interface SearchTarget {
  /** How long an answer is waited for. */
  readonly patienceMs: number;
  readonly address: string;
  readonly port: number;
}

/** Where routers listen for searches. */
export const SSDP: SearchTarget = { address: '239.255.255.250', port: 1900, patienceMs: 4_000 };

const GATEWAY_DEVICE = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';
/** Multicast is lost now and then. */
const AGAIN_MS = 1000;

/**
 * Where the router describes itself. Others in its network answer, too, and may say what they like: only what comes from
 * the router and leads to it counts. Throws PeerError PORT_MAPPING when nothing does.
 */
export async function findDescription(
  router: Router,
  { address, port, patienceMs }: SearchTarget,
  signal: AbortSignal,
): Promise<URL> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<URL>();
  const ended = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const onEnd = (): void => reject(signal.aborted ? signal.reason : silent());
  ended.addEventListener('abort', onEnd, { once: true });
  const socket = createSocket('udp4').on('error', (cause) => reject(silent({ cause })));
  const search = (): void => socket.send(searchFor(address, port), port, address, () => undefined);
  socket.on('message', (message: Buffer, from: RemoteInfo) => {
    const found = from.address === router.host ? locationIn(message.toString('latin1'), router) : undefined;
    if (found) resolve(found);
  });
  socket.bind(0, router.from, () => {
    socket.setMulticastInterface(router.from);
    search();
  });
  const timer = setInterval(search, AGAIN_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
    ended.removeEventListener('abort', onEnd);
    socket.close();
  }
}

function searchFor(address: string, port: number): string {
  const lines = [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${address}:${port}`,
    'MAN: "ssdp:discover"',
    'MX: 1',
    `ST: ${GATEWAY_DEVICE}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function locationIn(message: string, router: Router): URL | undefined {
  const location = /^location:[ \t]*(\S+)[ \t]*$/im.exec(message)?.[1];
  return location === undefined ? undefined : urlAt(router, location);
}

/** A plain HTTP address of the router itself; undefined for any other. */
export function urlAt({ host }: Router, text: string, base?: URL): URL | undefined {
  if (!URL.canParse(text, base?.href)) return undefined;
  const url = new URL(text, base);
  return url.protocol === 'http:' && url.hostname === host ? url : undefined;
}

function silent(options?: ErrorOptions): PeerError {
  return new PeerError('PORT_MAPPING', 'The router maps no port by UPnP: no answer', options);
}
