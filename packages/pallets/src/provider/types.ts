import { struct, u128, u64, vec, type Infer } from '@hamster/scale';

/** Chunks of stake that unbond at the same time. */
export const MAX_UNBONDING = 32;
export const MAX_IMAGES = 16;

/** A time without pay and without fault: from `from` on, until before `to`. */
export const Maintenance = struct('hamster_primitives::Maintenance', { from: u64, to: u64 });
export type Maintenance = Infer<typeof Maintenance>;

export const UnbondingChunk = struct('hamster_primitives::UnbondingChunk', { amount: u128, unlock_at: u64 });

export const StakeLedger = struct('hamster_primitives::StakeLedger', {
  active: u128,
  locked: u128,
  unbonding: vec(UnbondingChunk, { max: MAX_UNBONDING }),
});
export type StakeLedger = Infer<typeof StakeLedger>;
