import type { Transport } from '@libp2p/interface';
import type { WebSocketsComponents } from '@libp2p/websockets';
import { boundedWebSockets } from './bounded-websockets.ts';

/** A certificate with its chain, and its key; both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface SecureWebSockets {
  /** For the host's list of transports. */
  readonly transport: (components: WebSocketsComponents) => Transport;
  /** For connections from now on; those that live go on. */
  renew(certificate: Certificate): void;
}

/** WebSockets whose `/tls/ws` listeners show this certificate. */
export function secureWebSockets(certificate: Certificate | undefined): SecureWebSockets {
  let tellListeners = (_: Certificate): void => undefined;
  return {
    transport(components) {
      tellListeners = ({ cert, key }) => {
        // The event by which the library's own provider of certificates renews them.
        components.events.dispatchEvent(new CustomEvent('certificate:renew', { detail: { cert, key } }));
      };
      return boundedWebSockets({ ...(certificate && { https: { ...certificate } }) })(components);
    },
    renew: (renewed) => tellListeners(renewed),
  };
}
