import type { DaemonAccess } from './access.ts';

/** An address leaves it out. */
const HTTP_PORT = '80';

/** Random text that a daemon answers with what only a holder of the token can know. */
export function newChallenge(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What a holder of the token answers at the port that was dialled: another program there, which passes the challenge on to the
 * daemon at its new port, gets no such answer. Works on pages by https or of this computer only, as `canProve` tells.
 */
export async function expectedProof({ url, token }: DaemonAccess, challenge: string): Promise<string> {
  const port = new URL(url).port || HTTP_PORT;
  const text = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', text.encode(token), algorithm, false, ['sign']);
  const proof = await crypto.subtle.sign('HMAC', key, text.encode(`hamster daemon ${port} ${challenge}`));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(proof)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function canProve(): boolean {
  return isSecureContext;
}
