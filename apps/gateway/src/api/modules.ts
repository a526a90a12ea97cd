import type { GatewayHost } from '@hamster/p2p';
import type { GatewayChain } from '../chain/gateway-chain.ts';
import type { Claiming } from '../rewards/claiming.ts';
import type { ChangedSettings } from './changed-settings.ts';
import type { Pulse } from '../pulse.ts';

/** What the routes of the gateway's API and its metrics work on. */
export interface ApiModules {
  readonly version: string;
  /** The account that stakes and is paid, SS58. */
  readonly account: string;
  /** As on chain, without the peer id. */
  readonly addresses: readonly string[];
  readonly region: string;
  readonly chain: GatewayChain;
  readonly host: GatewayHost;
  readonly pulse: Pulse;
  readonly claiming: Claiming;
  /** What requests have changed. */
  readonly changed: ChangedSettings;
}
