export type { AuraConfig } from './config.ts';
export { auraPallet } from './pallet.ts';
export { auraServices } from './services.ts';
export { ensureTimeInSlot } from './slot.ts';
export { Authorities, CurrentSlot, SlotDuration } from './storage.ts';
export { AuraId, AuraIds, SlotDuration as SlotDurationType } from './types.ts';
