import type { ChainClient, Lease } from '@hamster/chain-client';
import { delay, sentenceOf, type Logger, type Service } from '@hamster/daemon';
import type { Settings } from '../cli/settings.ts';
import { endingText } from '../format/ending.ts';
import { lookAfterVotes, remindOfVotes } from '../votes/remind.ts';
import { Endings } from './endings.ts';
import type { Extender } from './extender.ts';
import { lookEvery } from './extension.ts';
import type { LeaseKeeper } from './keeper.ts';

/** Well under the minute for which a login takes what is known without asking the chain. */
const EVERY_MS = 20_000;

export interface WatchOptions {
  readonly chain: Pick<ChainClient, 'chain' | 'now' | 'parameters' | 'dispute' | 'ballot'>;
  readonly keeper: Pick<LeaseKeeper, 'refresh' | 'leases'>;
  readonly extender: Pick<Extender, 'settle' | 'consider'> | undefined;
  readonly log: Pick<Logger, 'warn'>;
  readonly settings: Pick<Settings, 'home' | 'chain'>;
  readonly everyMs?: number;
  publish(event: string, data: unknown): void;
}

/** Looks at the leases again and again: keeps the ways open, tells what ends, extends what may be. Starts with a first look,
 * which extends nothing: a block may be long in coming. */
export function watchLeases(options: WatchOptions): Service<{ stop(): Promise<void> }> {
  return {
    name: 'leases',
    async start({ signal }) {
      const round = roundOf(options);
      const pause = await round(signal, undefined);
      const stopping = new AbortController();
      const running = again(options, { round, pause }, AbortSignal.any([signal, stopping.signal]));
      return {
        stop: async () => {
          stopping.abort();
          await running;
        },
      };
    },
    stop: (watching) => watching.stop(),
  };
}

/** A round that fails is as far from the next one as the last that did not; the same reason is told once. */
async function again({ log, extender }: WatchOptions, first: Look, signal: AbortSignal): Promise<void> {
  let { pause } = first;
  let told: string | undefined;
  for (let wait = extender ? 0 : pause; !signal.aborted; wait = pause) {
    try {
      await delay(wait, signal);
      pause = await first.round(signal, extender);
      told = undefined;
    } catch (error) {
      const why = sentenceOf(error);
      if (!signal.aborted && why !== told)
        log.warn(`The leases could not be looked after, which is tried again: ${why}`);
      told = why;
    }
  }
}

interface Look {
  readonly round: Round;
  /** Until the next one, ms. */
  readonly pause: number;
}

/** Resolves with the time until the next one, ms. */
type Round = (signal: AbortSignal, extender: WatchOptions['extender']) => Promise<number>;

function roundOf(options: WatchOptions): Round {
  const { chain, keeper, log, settings, everyMs = EVERY_MS } = options;
  const endings = new Endings();
  return async (signal, extender) => {
    // Before the leases are read: one that a block has just extended must not be taken for one that nothing was sent for.
    await extender?.settle(signal);
    await keeper.refresh(signal);
    const [now, { resourceOrder }] = await Promise.all([chain.now({ signal }), chain.parameters({ signal })]);
    const moment = { now, hourMs: resourceOrder.hour };
    const leases = keeper.leases().map(({ lease }) => lease);
    endings.keepOnly(new Set(leases.map(({ id }) => id)));
    for (const lease of leases) {
      if (await extender?.consider(lease, moment, signal)) continue;
      tellEnding(options, lease, endings.due(lease, moment));
    }
    const tell = (text: string): void => log.warn(text);
    await lookAfterVotes({ chain, settings, signal, tell });
    await remindOfVotes({ settings, genesisHash: chain.chain.genesisHash, tell });
    return Math.min(everyMs, lookEvery(moment.hourMs));
  };
}

function tellEnding({ log, publish }: WatchOptions, { id, endsAt }: Lease, leftMs: number | undefined): void {
  if (leftMs === undefined) return;
  log.warn({ lease: id }, endingText(id, leftMs));
  publish('lease-ending', { lease: id, endsAt, leftMs });
}
