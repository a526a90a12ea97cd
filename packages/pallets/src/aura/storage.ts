import { palletStorage } from '@hamster/frame';
import { AuraIds, Slot, SlotDuration as SlotDurationType } from './types.ts';

const { value } = palletStorage('Aura');

export const Authorities = value('Authorities', {
  type: AuraIds,
  default: [],
  docs: ['The current authority set: whose turn it is goes by slot, in this order.'],
});

export const CurrentSlot = value('CurrentSlot', {
  type: Slot,
  default: 0n,
  docs: ['The slot of this block, as its author claims it.'],
});

export const SlotDuration = value('SlotDuration', {
  type: SlotDurationType,
  docs: ['Length of a slot in ms: set at genesis, and the same for ever.'],
});
