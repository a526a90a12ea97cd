import type { Capacity, SelfTestReport } from '@hamster/machines';
import type { MarketView } from '../market/market-view.ts';
import type { ToldPulse } from '../pulse.ts';

/** What was found, or why it could not be. */
export type Found<T> = { readonly value: T } | { readonly trouble: string };

export interface ChainFacts {
  readonly url: string;
  readonly syncing: boolean;
  /** The node shows an older chain than the daemon of this home saw before. */
  readonly behind: boolean;
  /** The file that says how far it was seen. */
  readonly markPath: string;
  /** When its operator took this machine off the market, ms; undefined when it never left. */
  readonly leftAt: number | undefined;
  readonly market: MarketView;
  /** Gateways that are online, as the chain says. */
  readonly gateways: number;
  /** Planck for one heartbeat. */
  readonly beatFee: bigint;
}

/** All that the doctor judges by; gathering it changes nothing. */
export interface Facts {
  /** This host's clock, ms since 1970. */
  readonly now: number;
  readonly account: Found<string>;
  readonly chain: Found<ChainFacts>;
  readonly capacity: Found<Capacity>;
  /** Images that are there and are what the catalogue says. */
  readonly images: Found<readonly string[]>;
  /** Undefined when none was run yet. */
  readonly selfTest: Found<SelfTestReport> | undefined;
  readonly freeMemoryMib: number;
  readonly freeDiskMib: number;
  /** What the running daemon says of itself; undefined when none runs. */
  readonly daemon: ToldPulse | undefined;
  /** Whether a stranger reaches this machine through a gateway; undefined when it makes no sense to try. */
  readonly route: Found<true> | undefined;
}
