import { delay, sentenceOf } from '@hamster/daemon';
import type { MarketChain } from '../reconciler/work.ts';
import type { Pulse } from '../pulse.ts';
import { reportsOf, type ReportModules } from './reports.ts';

export interface HeartbeatModules extends ReportModules {
  readonly chain: MarketChain;
  readonly pulse: Pick<Pulse, 'beaten' | 'beatFailed'>;
  /** The chain's heartbeat interval now, ms. */
  readonly intervalMs: () => Promise<number>;
}

/** One transaction takes this many reports; more leases are reported in several. */
const REPORTS_PER_CALL = 64;
/** After a failed beat the next one comes sooner: two missed beats cost nothing, a third may. */
const RETRY_FRACTION = 4;

/** Tells the chain again and again that the leased machines run. Ends when the signal aborts. */
export async function beat(modules: HeartbeatModules, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const waitMs = await beatOnce(modules, signal);
    await delay(waitMs, signal).catch(() => undefined);
  }
}

async function beatOnce(modules: HeartbeatModules, signal: AbortSignal): Promise<number> {
  const { chain, log, intervalMs } = modules;
  let interval = FALLBACK_INTERVAL_MS;
  try {
    interval = await intervalMs();
    const { live } = await chain.work(signal);
    for (let first = 0; first < live.length; first += REPORTS_PER_CALL) {
      const reports = await reportsOf(live.slice(first, first + REPORTS_PER_CALL), modules);
      await chain.heartbeat(reports, signal);
    }
    modules.pulse.beaten(live.length);
    return interval;
  } catch (error) {
    if (signal.aborted) return 0;
    log.warn({ reason: sentenceOf(error) }, 'heartbeat failed; trying again soon');
    modules.pulse.beatFailed(sentenceOf(error));
    return Math.ceil(interval / RETRY_FRACTION);
  }
}

/** While the chain cannot even be asked for its interval. */
const FALLBACK_INTERVAL_MS = 20_000;
