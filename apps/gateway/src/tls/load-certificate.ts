import { DaemonError, EXIT_USAGE, sentenceOf } from '@hamster/daemon';
import type { Certificate } from '@hamster/p2p';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Where the operator keeps certificate and key, PEM both. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface LoadedCertificate extends Certificate {
  /** ms since 1970. */
  readonly notAfter: number;
}

/** Reads and checks both files. Throws `TLS_UNUSABLE` with what is wrong. */
export async function loadCertificate(
  files: CertificateFiles,
  hosts: readonly string[],
  now: number,
): Promise<LoadedCertificate> {
  const [cert, key] = await Promise.all([textOf(files.cert, '--tls-cert'), textOf(files.key, '--tls-key')]);
  const certificate = parse(() => new X509Certificate(cert), files.cert, 'certificate');
  checkDates(certificate, files.cert, now);
  checkKey(
    certificate,
    parse(() => createPrivateKey(key), files.key, 'private key'),
    files,
  );
  const stranger = hosts.find((host) => certificate.checkHost(host) === undefined);
  if (stranger !== undefined) {
    const names = certificate.subjectAltName ?? certificate.subject;
    throw unusable(
      `the certificate ${files.cert} is not for ${stranger}, which --announce names; it is for ${names}`,
    );
  }
  return { cert, key, notAfter: certificate.validToDate.getTime() };
}

/** The names of announced addresses that browsers check the certificate against. */
export function hostsOf(announce: readonly string[]): string[] {
  return announce.flatMap((address) => {
    const [, host] = /^\/dns[46]?\/([^/]+)\/tcp\/\d+\/(?:tls\/ws|wss)$/.exec(address) ?? [];
    return host === undefined ? [] : [host];
  });
}

function checkDates({ validFromDate, validToDate }: X509Certificate, path: string, now: number): void {
  if (validToDate.getTime() <= now)
    throw unusable(`the certificate ${path} expired on ${validToDate.toUTCString()}; renew it`);
  if (validFromDate.getTime() > now)
    throw unusable(
      `the certificate ${path} is valid from ${validFromDate.toUTCString()} on only; is the clock right?`,
    );
}

function checkKey(certificate: X509Certificate, key: KeyObject, files: CertificateFiles): void {
  if (certificate.checkPrivateKey(key)) return;
  throw unusable(`the key ${files.key} does not belong to the certificate ${files.cert}`);
}

async function textOf(path: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unusable(`cannot read ${flag} ${path}: ${sentenceOf(cause)}`);
  }
}

function parse<T>(read: () => T, path: string, what: string): T {
  try {
    return read();
  } catch {
    // Reported in words: OpenSSL's own name routines, which help nobody.
    throw unusable(`${path} holds no ${what} in PEM form that can be read without a passphrase`);
  }
}

function unusable(reason: string): DaemonError {
  return new DaemonError('TLS_UNUSABLE', `Cannot serve TLS: ${reason}.`, { exitCode: EXIT_USAGE });
}
