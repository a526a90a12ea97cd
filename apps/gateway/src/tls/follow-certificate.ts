import { sentenceOf, type Logger } from '@hamster/daemon';
import { loadCertificate, type CertificateFiles, type LoadedCertificate } from './load-certificate.ts';

export interface FollowOptions {
  readonly files: CertificateFiles;
  /** Names that the certificate must be for. */
  readonly hosts: readonly string[];
  /** What is shown now. */
  readonly current: LoadedCertificate;
  onRenewed(certificate: LoadedCertificate): void;
  readonly log: Logger;
  /** Time between two looks, in ms. */
  readonly everyMs?: number;
  /** ms since 1970. */
  readonly now?: () => number;
}

const EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A certificate that has not been renewed by then probably never will be. */
const WARN_MS = 10 * DAY_MS;

/**
 * Takes over a renewed certificate without a restart. By looking, not by the file system's events, which miss files
 * that are links into a folder, as ACME programs make them. Returns what stops it.
 */
export function followCertificate(options: FollowOptions): () => void {
  const { files, hosts, onRenewed, log, everyMs = EVERY_MS, now = Date.now } = options;
  let { current } = options;
  let lastProblem = '';
  let warnedAt = -Infinity;
  let looking = false;

  /** Certificate and key may be replaced one after the other: a pair that does not match is looked at again. */
  async function look(): Promise<void> {
    try {
      const found = await loadCertificate(files, hosts, now());
      lastProblem = '';
      if (found.cert !== current.cert || found.key !== current.key) {
        current = found;
        onRenewed(found);
        log.info({ notAfter: new Date(found.notAfter).toISOString() }, 'took over the renewed certificate');
      }
    } catch (error) {
      const problem = sentenceOf(error);
      if (problem !== lastProblem) log.error({ reason: problem }, 'goes on with the certificate that it has');
      lastProblem = problem;
    }
    warnBeforeEnd();
  }

  function warnBeforeEnd(): void {
    if (current.notAfter - now() > WARN_MS || now() - warnedAt < DAY_MS) return;
    warnedAt = now();
    log.warn(
      { notAfter: new Date(current.notAfter).toISOString() },
      'the TLS certificate ends soon; renew it',
    );
  }

  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, everyMs);
  warnBeforeEnd();
  return () => clearInterval(timer);
}
