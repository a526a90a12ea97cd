import { constant, definePallet, distinctKeys, GenesisError, type GenesisReader } from '@hamster/frame';
import type { AuraConfig } from './config.ts';
import { noteSlot } from './slot.ts';
import { Authorities, CurrentSlot, SlotDuration } from './storage.ts';
import { SlotDuration as SlotDurationType } from './types.ts';

const durationOf = (genesis: GenesisReader, fallback: bigint): bigint => {
  const duration = genesis.bigint(fallback);
  if (duration > 0n && duration < 2n ** 64n) return duration;
  throw new GenesisError('aura.slotDuration', 'a time in ms above 0 and below 2^64', duration);
};

const SOME =
  'a list with the public key (sr25519) of at least one author, without whom no block is ever made';

const authoritiesOf = (genesis: GenesisReader): Uint8Array[] => {
  const entries = genesis.list();
  if (entries.length === 0) throw genesis.expected(SOME);
  return entries.map(distinctKeys());
};

export const auraPallet = ({ slotDuration, digest }: AuraConfig) =>
  definePallet({
    name: 'Aura',
    index: 8,
    docs: ['Who may author blocks, and when.'],
    storage: [Authorities, CurrentSlot, SlotDuration],
    constants: {
      SlotDuration: constant(SlotDurationType, slotDuration, 'The length of a slot, in ms.'),
    },
    hooks: { onInitialize: (ctx) => noteSlot(ctx, digest) },
    genesis(ctx, genesis) {
      const authorities = genesis.only('authorities', 'slotDuration').field('authorities');
      Authorities.put(ctx, authoritiesOf(authorities));
      SlotDuration.put(ctx, durationOf(genesis.field('slotDuration'), slotDuration));
    },
  });
