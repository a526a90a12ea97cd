import { defineType, type Type, unit } from '@hamster/scale';

/** `Compact<()>`: no bytes at all. Stands where Substrate has an account index and this chain has none. */
export const compactUnit: Type<undefined> = defineType({
  encodeInto: () => undefined,
  decodeFrom: () => undefined,
  describe: (idOf) => ({ tag: 'compact', value: idOf(unit) }),
  minSize: 0,
});
