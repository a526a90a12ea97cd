import type { ChainClient } from '@hamster/chain-client';
import type { LogTail } from '@hamster/daemon-api';
import type { MachineDriver } from '@hamster/machines';
import type { Check } from '../doctor/check.ts';
import type { MarketViews } from '../market/market-view.ts';
import type { Operator } from '../operator/operator.ts';
import type { Config } from '../config.ts';
import type { Purse } from '../purse/purse.ts';
import type { Pulse } from '../pulse.ts';
import type { SelfTests } from '../self-tests.ts';

/** What the routes of the provider's API work on. */
export interface ApiModules {
  readonly version: string;
  /** The account that stakes and is paid, SS58. */
  readonly address: string;
  readonly peerId: string;
  readonly client: Pick<ChainClient, 'chain' | 'state'>;
  readonly market: MarketViews;
  readonly driver: MachineDriver;
  readonly operator: Operator;
  readonly purse: Purse;
  /** Where income may be sent, and how much stays. */
  readonly payout: Config['payout'];
  readonly selfTests: SelfTests;
  readonly pulse: Pulse;
  readonly logs: LogTail;
  readonly doctor: () => Promise<readonly Check[]>;
  /** ms since 1970. */
  readonly now: () => number;
}
