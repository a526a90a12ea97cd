import { toHex } from '@hamster/crypto';
import { aura } from '@hamster/pallets';
import { u64 } from '@hamster/scale';

/** Hex key of the slot duration in the state, as a raw chain spec lists it. */
const KEY = toHex(aura.SlotDuration.prefix);

/** Time between blocks in ms, of a raw genesis (hex key to hex value); undefined when that does not say. */
export function slotDurationIn(top: Readonly<Record<string, string>>): number | undefined {
  const value = top[KEY];
  return value === undefined ? undefined : Number(u64.decode(Buffer.from(value.slice(2), 'hex')));
}
