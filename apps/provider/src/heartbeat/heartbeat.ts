import { delay, sentenceOf } from '@hamster/daemon';
import type { MarketChain } from '../reconciler/work.ts';
import type { Pulse } from '../pulse.ts';
import { callsOf } from './calls.ts';
import { reportsOf, type ReportModules } from './reports.ts';

export interface HeartbeatModules extends ReportModules {
  readonly chain: MarketChain;
  readonly pulse: Pick<Pulse, 'beaten' | 'beatFailed'>;
  /** The chain's heartbeat interval now, ms. */
  readonly intervalMs: () => Promise<number>;
}

/** After a failed beat the next one comes sooner: two missed beats cost nothing, a third may. */
const RETRY_FRACTION = 4;

/** Tells the chain again and again that the leased machines run. Ends when the signal aborts. */
export async function beat(modules: HeartbeatModules, signal: AbortSignal): Promise<void> {
  // Leases that a beat which failed has reported already: once more at once, and blocks would keep no room for the call.
  const told = new Set<bigint>();
  while (!signal.aborted) {
    const waitMs = await beatOnce(modules, told, signal);
    await delay(waitMs, signal).catch(() => undefined);
  }
}

async function beatOnce(modules: HeartbeatModules, told: Set<bigint>, signal: AbortSignal): Promise<number> {
  const { chain, log, intervalMs } = modules;
  let interval = FALLBACK_INTERVAL_MS;
  try {
    interval = await intervalMs();
    const { live, chainTime } = await chain.work(signal);
    const open = live.filter(({ id }) => !told.has(id));
    const reports = await reportsOf(open, modules);
    for (const call of callsOf(reports, open, { chainTime, interval })) {
      await chain.heartbeat(call, signal);
      for (const { lease } of call) told.add(lease);
    }
    told.clear();
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
