import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Certificate } from '../../src/index.ts';

/** A certificate that no authority has signed. */
export interface ThrowAwayCertificate extends Certificate {
  /** By which a browser can be told to take it: SHA-256 of its public key, base64. */
  readonly keyHash: string;
  /** As a client of TLS tells it. */
  readonly fingerprint256: string;
}

export async function throwAwayCertificate(): Promise<ThrowAwayCertificate> {
  const home = await mkdtemp(join(tmpdir(), 'hamster-certificate-'));
  try {
    const [certPath, keyPath] = [join(home, 'cert.pem'), join(home, 'key.pem')];
    const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyPath];
    const subject = ['-subj', '/CN=gateway', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const args = ['req', '-x509', ...fresh, ...subject, '-out', certPath];
    await promisify(execFile)('openssl', args, { timeout: 20_000 });
    const [cert, key] = await Promise.all([readFile(certPath, 'utf8'), readFile(keyPath, 'utf8')]);
    const { publicKey, fingerprint256 } = new X509Certificate(cert);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    return { cert, key, fingerprint256, keyHash: createHash('sha256').update(spki).digest('base64') };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
