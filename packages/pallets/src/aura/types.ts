import type { DigestItem, Readable } from '@hamster/frame';
import { at, fixedBytes, newtype, u64, variant, vec } from '@hamster/scale';

/** sr25519 public key, 32 bytes. */
export const AuraId = newtype('sp_consensus_aura::sr25519::app_sr25519::Public', fixedBytes(32));

export const AuraIds = vec(AuraId, { max: 100 });

/** What a header says behind the engine id; as `sp_consensus_aura::ConsensusLog`. */
export const ConsensusLog = variant('sp_consensus_aura::ConsensusLog', {
  AuthoritiesChange: at(1, AuraIds),
});

export const Slot = newtype('sp_consensus_slots::Slot', u64);

export const SlotDuration = newtype('sp_consensus_slots::SlotDuration', u64);

/** Engine id of Aura in digests. */
export const AURA_ENGINE = new TextEncoder().encode('aura');

export type DigestOf = (at: Readable) => readonly DigestItem[];
