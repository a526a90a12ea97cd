import { AccountId, H256 } from '@hamster/frame';
import { field, type Infer, struct, u32, u64, vec } from '@hamster/scale';

/** Bounds the panel of a dispute, and what the end of an era costs. */
export const MAX_VALIDATORS = 64;

export const ValidatorSet = vec(AccountId, { max: MAX_VALIDATORS });

/** Public keys that a validator's node signs with: `aura` is sr25519, `grandpa` ed25519. */
export const SessionKeys = struct('hamster_primitives::SessionKeys', { aura: H256, grandpa: H256 });
export type SessionKeys = Infer<typeof SessionKeys>;

export const Validator = struct('hamster_primitives::Validator', {
  keys: SessionKeys,
  added_at: u64,
  /** Disputes in which it was on the panel and revealed a vote, and those in which it did not. */
  votes: u32,
  missed_votes: u32,
});
export type Validator = Infer<typeof Validator>;

export const Parameters = struct('hamster_primitives::ValidatorsParameters', {
  era: field(u64, 'How long an era is, at whose end the validators’ pot is shared out, ms.'),
});
export type Parameters = Infer<typeof Parameters>;
