import { parseSshPublicKey, type SshPublicKey } from './public-key.ts';

/**
 * `SHA256:…` as `ssh-keygen -l` prints it. The hash is not the browser's own, which exists only on pages served by
 * https or from the same machine.
 */
export async function fingerprint(key: SshPublicKey): Promise<string> {
  const { sha256AsU8a } = await import('@polkadot/util-crypto');
  const base64 = btoa(String.fromCharCode(...sha256AsU8a(key.blob)));
  return `SHA256:${base64.replace(/=+$/, '')}`;
}

/** Fingerprint of a key line, `undefined` if the line is no key. */
export async function fingerprintOfLine(line: string): Promise<string | undefined> {
  const parsed = parseSshPublicKey(line);
  return 'key' in parsed ? fingerprint(parsed.key) : undefined;
}
