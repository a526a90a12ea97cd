import { fixedBytes, newtype, tuple, u64, vec } from '@hamster/scale';

/** ed25519 public key, 32 bytes. */
export const GrandpaId = newtype('sp_consensus_grandpa::app::Public', fixedBytes(32));

/** Keys with their weights. */
export const AuthorityList = vec(tuple(GrandpaId, u64), { max: 100 });
