import { H256 } from '@hamster/frame';
import { type Infer, struct } from '@hamster/scale';

/** Public keys that a validator's node signs with: `aura` is sr25519, `grandpa` ed25519. */
export const SessionKeys = struct('hamster_primitives::SessionKeys', { aura: H256, grandpa: H256 });
export type SessionKeys = Infer<typeof SessionKeys>;
