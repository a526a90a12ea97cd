import { sentenceOf, type Logger } from '@hamster/daemon';
import type { PeerError } from '@hamster/p2p';

export interface RefusalLogOptions {
  readonly log: Pick<Logger, 'info'>;
  /** Between two summaries, ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 60_000;
/** Of each kind, between two summaries. */
const TOLD = 3;

/**
 * Tells of refused requests: the first ones of each kind with peer and reason, what comes besides within the minute as a number. Anybody can
 * have requests refused for nothing, and must not fill a disk with it, nor bury what the operator looks for.
 */
export class RefusalLog {
  readonly #options: RefusalLogOptions;
  /** By what was asked for and the code of the refusal, both of which are few. */
  readonly #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RefusalLogOptions) {
    this.#options = options;
  }

  refused(what: string, peer: string, { code, message, cause }: PeerError): void {
    const { log, everyMs = EVERY_MS } = this.#options;
    const kind = `${what}: ${code}`;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#timer ??= setTimeout(() => this.#summarise(), everyMs).unref();
    if (count <= TOLD)
      log.info({ peer, code, reason: message, cause: cause && sentenceOf(cause) }, `${what} refused`);
  }

  /** Tells what has only been counted so far. */
  close(): void {
    this.#summarise();
  }

  #summarise(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const untold = [...this.#counts].filter(([, count]) => count > TOLD);
    this.#counts.clear();
    if (untold.length === 0) return;
    const further = Object.fromEntries(untold.map(([kind, count]) => [kind, count - TOLD]));
    this.#options.log.info({ further }, 'more requests were refused than are told one by one');
  }
}
