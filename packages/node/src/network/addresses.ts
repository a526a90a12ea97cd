import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { NetworkError } from './errors.ts';

/** Throws NETWORK_ADDRESS for what is none at which a node listens. */
export function parseAddress(text: string): Multiaddr {
  try {
    const address = multiaddr(text);
    if (address.getComponents().some(({ name }) => name === 'tcp')) return address;
  } catch (cause) {
    throw noAddress(text, cause);
  }
  throw noAddress(text);
}

const noAddress = (text: string, cause?: unknown): NetworkError =>
  new NetworkError(
    'NETWORK_ADDRESS',
    `"${text}" is no multiaddr with a TCP port: it must be like /ip4/0.0.0.0/tcp/30333 or /ip4/0.0.0.0/tcp/30334/ws`,
    { cause },
  );
