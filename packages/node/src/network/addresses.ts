import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { NetworkError } from './errors.ts';

/** Throws NETWORK_ADDRESS. */
export function parseAddress(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (cause) {
    throw new NetworkError(
      'NETWORK_ADDRESS',
      `"${text}" is no multiaddr: it must be like /ip4/0.0.0.0/tcp/30333 or /ip4/0.0.0.0/tcp/30334/ws`,
      { cause },
    );
  }
}
