import { AccountId } from '@hamster/frame';
import { field, type Infer, struct, u32, u64, vec } from '@hamster/scale';
import { SessionKeys } from '../primitives/session-keys.ts';

export { SessionKeys };

/** Bounds the panel of a dispute, and what the end of an era costs. */
export const MAX_VALIDATORS = 64;

export const ValidatorSet = vec(AccountId, { max: MAX_VALIDATORS });

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
