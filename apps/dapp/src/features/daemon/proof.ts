/** Random text that a daemon answers with what only a holder of the token can know. */
export function newChallenge(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What a holder of the token answers. Works on pages by https or of this computer only, as `canProve` tells. */
export async function expectedProof(token: string, challenge: string): Promise<string> {
  const text = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', text.encode(token), algorithm, false, ['sign']);
  const proof = await crypto.subtle.sign('HMAC', key, text.encode(`hamster daemon ${challenge}`));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(proof)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function canProve(): boolean {
  return isSecureContext;
}
