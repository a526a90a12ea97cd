import { AccountId, defineEvents } from '@hamster/frame';
import { documented, u128, u32, u64 } from '@hamster/scale';

export const events = defineEvents('Gateway', {
  Registered: documented('A gateway joined.', { gateway: AccountId }),
  EndpointUpdated: documented('A gateway has another address.', { gateway: AccountId }),
  HeartbeatReceived: documented('A gateway is alive.', { gateway: AccountId }),
  WentOffline: documented('A gateway left; its stake unbonds.', { gateway: AccountId }),
  WentOnline: documented('A gateway that had left is back.', { gateway: AccountId }),
  Dropped: documented('A gateway was silent too long and lost a part of its stake.', {
    gateway: AccountId,
    slashed: u128,
  }),
  Reset: documented('A dropped gateway is back.', { gateway: AccountId }),
  Removed: documented('A gateway is gone; what is left of its stake unbonds or is free.', {
    gateway: AccountId,
  }),
  Withdrawn: documented('Unbonded stake became free money again.', { gateway: AccountId, amount: u128 }),
  ParametersSet: documented('Root changed the parameters.', null),
  EraEnded: documented('Gateways that were online share `pot` by their milliseconds of `points`.', {
    era: u32,
    points: u64,
    pot: u128,
  }),
  RewardsClaimed: documented('A gateway got its rewards of the eras that have ended.', {
    gateway: AccountId,
    amount: u128,
  }),
  EraExpired: documented('The rewards of an era were not all claimed in time; the rest is shared out anew.', {
    era: u32,
    unclaimed: u128,
  }),
});
