import { at, fixedBytes, newtype, struct, tuple, u32, u64, variant, vec } from '@hamster/scale';

/** ed25519 public key, 32 bytes. */
export const GrandpaId = newtype('sp_consensus_grandpa::app::Public', fixedBytes(32));

/** Keys with their weights. */
export const AuthorityList = vec(tuple(GrandpaId, u64), { max: 100 });

/** What a header says behind the engine id; as `sp_consensus_grandpa::ConsensusLog`. `delay` is in blocks. */
export const ConsensusLog = variant('sp_consensus_grandpa::ConsensusLog', {
  ScheduledChange: at(
    1,
    struct('sp_consensus_grandpa::ScheduledChange', { next_authorities: AuthorityList, delay: u32 }),
  ),
});

/** Engine id of GRANDPA in digests. */
export const GRANDPA_ENGINE = new TextEncoder().encode('FRNK');
