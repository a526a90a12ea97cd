import ssh2 from 'ssh2';
import type { Endpoint } from '../driver.ts';
import { formatPublicKey } from './public-key.ts';

/** Why one attempt brought no key; the caller decides whether to try again. */
export type HostKeyAttempt = { hostKey: string } | { refused: string };

/**
 * One SSH handshake up to the host key. The key exchange proves that the server holds the private half,
 * which reading the key out of the guest would not. Nobody logs in.
 */
export function fetchHostKey(
  endpoint: Endpoint,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<HostKeyAttempt> {
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    let presented: string | undefined;
    const finish = (outcome: HostKeyAttempt): void => {
      signal?.removeEventListener('abort', abort);
      client.destroy();
      resolve(outcome);
    };
    const abort = (): void => finish({ refused: 'aborted' });
    // `handshake` fires only after the signature over the exchange verified, `hostVerifier` before it.
    client.once('handshake', () => finish(presented ? { hostKey: presented } : { refused: 'no host key' }));
    client.on('error', (error) => finish({ refused: error.message }));
    client.once('close', () => finish({ refused: 'connection closed' }));
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    client.connect({
      host: endpoint.host,
      port: endpoint.port,
      username: endpoint.user,
      readyTimeout: timeoutMs,
      timeout: timeoutMs,
      algorithms: { serverHostKey: ['ssh-ed25519'] },
      hostVerifier: (blob: Buffer) => {
        presented = formatPublicKey(blob);
        return true;
      },
    });
  });
}
