import { AccountId } from '@hamster/frame';
import { field, type Infer, option, struct, u128, u32, u64, variant, vec } from '@hamster/scale';

import { Multiaddr, PeerIdBytes, RegionName } from '../primitives/machine.ts';
import { Permill } from '../primitives/permill.ts';

export const MAX_MULTIADDRS = 8;
/** Eras that a claim may have to look through, whatever the parameters say. */
export const MAX_CLAIMABLE_ERAS = 168;

export const Multiaddrs = vec(Multiaddr, { max: MAX_MULTIADDRS });

export const GatewayStatus = variant('hamster_primitives::GatewayStatus', {
  Online: null,
  Offline: null,
  Dropped: null,
});
export type GatewayStatus = Infer<typeof GatewayStatus>;

/** A relay with a public address. */
export const GatewayInfo = struct('hamster_primitives::GatewayInfo', {
  peer_id: PeerIdBytes,
  multiaddrs: Multiaddrs,
  region: RegionName,
  stake: u128,
  registered_at: u64,
  last_heartbeat: u64,
  status: GatewayStatus,
  /** When it was dropped, ms; it has to cool down before it comes back. */
  dropped_at: option(u64),
});
export type GatewayInfo = Infer<typeof GatewayInfo>;

export const Unbonding = struct('hamster_primitives::GatewayUnbonding', { amount: u128, unlock_at: u64 });
export type Unbonding = Infer<typeof Unbonding>;

/** What the gateways of an era share: `points` are ms online of all of them, `unclaimed` is what is left of `pot`. */
export const EraReward = struct('hamster_primitives::GatewayEraReward', {
  points: u64,
  pot: u128,
  unclaimed: u128,
});
export type EraReward = Infer<typeof EraReward>;

/** What the agenda does when a moment comes. */
export const Task = variant('hamster_primitives::GatewayTask', { CheckGateway: AccountId, ClearEra: u32 });
export type Task = Infer<typeof Task>;

export const Parameters = struct('hamster_primitives::GatewayParameters', {
  min_stake: field(u128, 'The least stake of a gateway, planck.'),
  heartbeat_interval: field(u64, 'How often a gateway reports, ms.'),
  drop_after: field(u64, 'Silence that drops a gateway, ms.'),
  slash: field(Permill, 'The part of its stake that a dropped gateway loses, millionths.'),
  cool_down: field(u64, 'How long a dropped gateway waits before it may come back, ms.'),
  unbonding: field(u64, 'How long stake unbonds, ms.'),
  era: field(u64, 'How long an era is, at whose end the gateways’ pot is shared out, ms.'),
  claimable_eras: field(u32, 'For how many eras a reward waits for its gateway.'),
  due_per_block: field(u32, 'Tasks of the agenda that a block does at most.'),
});
export type Parameters = Infer<typeof Parameters>;
