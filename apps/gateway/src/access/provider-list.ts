import { sentenceOf, type Logger } from '@hamster/daemon';

export interface ProviderListOptions {
  /** Peer ids of all machines in the market. */
  read(signal: AbortSignal): Promise<Iterable<string>>;
  readonly log: Logger;
  /** ms of a clock that never jumps. */
  readonly clock?: () => number;
}

/** Which peers are providers, as the chain says; the last good list stands while the chain is away. */
export interface ProviderList {
  /** A peer that is not known makes the list be read again, at most once a second. */
  has(peer: string): Promise<boolean>;
  refresh(): Promise<void>;
  /** Calls the listener after each good read. */
  onRead(listener: () => void): void;
  stop(): void;
}

const EVERY_MS = 15_000;
const FRESH_MS = 1_000;
/** A provider waits five seconds for its reservation. */
const READ_TIMEOUT_MS = 4_000;

export function followProviders(options: ProviderListOptions): ProviderList {
  const { log, clock = () => performance.now() } = options;
  const ending = new AbortController();
  let known: ReadonlySet<string> = new Set();
  const listeners: (() => void)[] = [];
  let readAt = -Infinity;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    readAt = clock();
    try {
      const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
      known = new Set(await options.read(signal));
      for (const listener of listeners) listener();
    } catch (error) {
      if (!ending.signal.aborted)
        log.debug({ reason: sentenceOf(error) }, 'could not read who is a provider');
    } finally {
      reading = undefined;
    }
  }

  function refresh(): Promise<void> {
    reading ??= read();
    return reading;
  }

  const timer = setInterval(() => void refresh(), EVERY_MS);
  return {
    async has(peer) {
      if (!known.has(peer) && (reading || clock() - readAt >= FRESH_MS)) await refresh();
      return known.has(peer);
    },
    refresh,
    onRead: (listener) => listeners.push(listener),
    stop() {
      ending.abort();
      clearInterval(timer);
    },
  };
}
