import type { ChainClient } from '@hamster/chain-client';
import { retry, sentenceOf, withDeadline, type Logger } from '@hamster/daemon';

export interface ChainSessionOptions {
  /** Connects once. */
  connect(signal: AbortSignal): Promise<ChainClient>;
  readonly log: Logger;
  /** Told of an error that no retry can mend, once there has been a client. Before, `client` rejects with it. */
  fail(error: unknown): void;
}

/** A chain that is asked for whenever it is needed: it may be away at the start, and away for hours later. */
export interface ChainSession {
  /** The connected client, as soon as there is one. Rejects with the signal's reason, or with what no retry can mend. */
  client(signal: AbortSignal): Promise<ChainClient>;
  stop(): Promise<void>;
}

const LONGEST_WAIT_MS = 5_000;

/**
 * Keeps a client of the chain. A client mends a lost connection itself; when it gives up, because the chain behind
 * the address is another one now, a new client takes its place.
 */
export function keepChainSession({ connect, log, fail }: ChainSessionOptions): ChainSession {
  const ending = new AbortController();
  let current = Promise.withResolvers<ChainClient>();
  let everConnected = false;

  async function connectPatiently(): Promise<ChainClient> {
    return retry(() => connect(ending.signal), {
      signal: ending.signal,
      maxMs: LONGEST_WAIT_MS,
      retryable: isTransient,
      onRetry: (error, waitMs) =>
        log.warn({ reason: sentenceOf(error), waitMs }, 'the chain does not answer yet'),
    });
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      const client = await connectPatiently();
      everConnected = true;
      current.resolve(client);
      const reason = await Promise.race([client.closed, aborted(ending.signal)]);
      current = Promise.withResolvers();
      if (ending.signal.aborted) await client.close();
      else log.warn({ reason: sentenceOf(reason) }, 'lost the chain; connecting anew');
    }
  }

  function giveUp(error: unknown): void {
    if (ending.signal.aborted) return;
    // Who waits for the first client hears of it; later nobody may be waiting.
    if (everConnected) fail(error);
    else current.reject(error);
  }

  const running = run().catch(giveUp);

  return {
    client: (signal) => withDeadline(() => current.promise, undefined, signal),
    async stop() {
      ending.abort();
      await running;
    },
  };
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && 'fault' in error && error.fault === 'transient';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
