import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** The way of this host to the internet, by IPv4. */
export interface Router {
  readonly host: string;
  /** This host's address in the router's network. */
  readonly from: string;
}

const HAS_GATEWAY = 2;
const ANY_PORT = 9;

/** The router of the default route; undefined where there is none, and on systems other than Linux. */
export async function defaultRouter(): Promise<Router | undefined> {
  const table = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const host = gatewayIn(table);
  return host === undefined ? undefined : { host, from: await addressTowards(host) };
}

/** Of a table as in /proc/net/route: the gateway of the default route that costs least. */
export function gatewayIn(table: string): string | undefined {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const [best] = routes
    .filter(
      ([, to, gateway = '', flags, , , , mask]) =>
        to === '00000000' && mask === '00000000' && /^[\dA-F]{8}$/i.test(gateway) && hasGateway(flags),
    )
    .toSorted((one, other) => Number(one[6]) - Number(other[6]));
  return best?.[2] === undefined ? undefined : [...Buffer.from(best[2], 'hex')].reverse().join('.');
}

function hasGateway(flags = ''): boolean {
  return (Number.parseInt(flags, 16) & HAS_GATEWAY) !== 0;
}

/** Nothing is sent: the system only says where it would send from. */
async function addressTowards(host: string): Promise<string> {
  const socket = createSocket('udp4');
  try {
    socket.connect(ANY_PORT, host);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}
