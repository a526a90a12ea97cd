import { amount, arm, count, list, optional, struct, text } from '../codec/readers.ts';
import type { Read } from '../codec/readers.ts';

/** A relay with a public address. `owner` is the account that registered it. */
export type Gateway = Read<typeof gatewayFields> & { readonly owner: string };
export type GatewayStatus = Gateway['status'];

export const gatewayFields = struct({
  peerId: text,
  multiaddrs: list(text),
  region: text,
  stake: amount,
  registeredAt: count,
  lastHeartbeat: count,
  status: arm('Online', 'Offline', 'Dropped'),
  /** When its silence dropped it, ms since 1970. */
  droppedAt: optional(count),
});

/** Stake of a gateway that left, and from when on it can be withdrawn. */
export type GatewayUnbonding = Read<typeof gatewayUnbonding>;
export const gatewayUnbonding = struct({ amount, unlockAt: count });

export type GatewayParameters = Read<typeof gatewayParameters>;
export const gatewayParameters = struct({
  minStake: amount,
  heartbeatInterval: count,
  dropAfter: count,
  slash: count,
  coolDown: count,
  unbonding: count,
  era: count,
  claimableEras: count,
});
