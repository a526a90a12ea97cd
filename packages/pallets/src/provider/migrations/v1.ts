import { AccountId, type Context, eachKey, type Migration, startsWith, weightOf } from '@hamster/frame';

import { ResourceCounts, ResourcesOf } from '../storage.ts';

/** A key of `ResourcesOf`: its prefix, 16 bytes of hash, the owner; then the machine. */
const OWNER_AT = 32 + 16;
const MACHINE_AT = OWNER_AT + 32;

/** Whether another machine of the same owner was counted just before, in this walk over all of them. */
const hasCountedOwner = (key: Uint8Array, last: Uint8Array): boolean =>
  startsWith(last, key.subarray(0, MACHINE_AT));

const count = (ctx: Context, key: Uint8Array, last: Uint8Array): void => {
  const owner = AccountId.decode(key.slice(OWNER_AT, MACHINE_AT));
  const before = hasCountedOwner(key, last) ? ResourceCounts.get(ctx, owner) : 0;
  ResourceCounts.put(ctx, owner, before + 1);
};

/** A provider's machines are counted, because they are bounded. */
export const machinesCounted: Migration = {
  from: 0,
  step: eachKey(ResourcesOf.prefix, weightOf(20, 3), count),
};
