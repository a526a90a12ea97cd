import { connect, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Socket } from 'node:net';
import { PeerError } from '../errors.ts';
import type { LaneOffer } from './offer.ts';
import { laneIdOf } from './ticket.ts';

/** One way only to encrypt: TLS 1.3 with the key of the offer, and no certificate on either side. */
export const LANE_TLS = {
  ciphers: 'TLS_AES_128_GCM_SHA256',
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
} as const satisfies TlsOptions;

/** Keep-alives of the system, in ms: they find the dead, and keep the mappings of NATs. */
const KEEP_ALIVE_MS = 15_000;

/** The client's end of a lane. Throws PeerError CONNECTION_LOST when the other end does not know the key. */
export function secureAsClient(socket: Socket, offer: LaneOffer, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect({
      ...LANE_TLS,
      socket,
      pskCallback: () => ({ psk: offer.key, identity: laneIdOf(offer.ticket) }),
      // Asked where the other end shows a certificate instead of knowing the key: nobody's is good.
      checkServerIdentity: () => new PeerError('CONNECTION_LOST', 'A lane has no certificate'),
    });
    const fail = (cause?: unknown): void => {
      secure.destroy();
      reject(new PeerError('CONNECTION_LOST', 'The lane was not opened', { cause }));
    };
    const onAbort = (): void => fail(signal.reason);
    const onClose = (): void => fail();
    signal.addEventListener('abort', onAbort, { once: true });
    secure.on('error', fail).on('close', onClose);
    secure.once('secureConnect', () => {
      signal.removeEventListener('abort', onAbort);
      secure.off('error', fail).off('close', onClose);
      resolve(secure);
    });
    if (signal.aborted) onAbort();
  });
}

export function tune(socket: Socket): void {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
}
