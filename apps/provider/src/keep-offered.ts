import { delay, sentenceOf, type Logger } from '@hamster/daemon';

export interface KeepOfferedModules {
  /** Moves the end of the offer on, if the operator wants that and it is due. */
  readonly extend: (signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
  /** Between two looks, ms. */
  readonly everyMs?: number;
}

const HOUR_MS = 60 * 60 * 1000;

/** Keeps a daemon that runs for months in the market. Ends when the signal aborts. */
export async function keepOffered(
  { extend, log, everyMs = HOUR_MS }: KeepOfferedModules,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await delay(everyMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await extend(signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ reason: sentenceOf(error) }, 'could not move the end of the offer on');
    }
  }
}
