import { type Context, eachKey, type Migration, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { CountedFrom, Disputes } from '../storage.ts';

/** A key of `Disputes`: its prefix, 8 bytes of hash, the id. */
const ID_AT = 32 + 8;

const countFromHere = (ctx: Context, key: Uint8Array): void => {
  const id = u64.decode(key.slice(ID_AT));
  if (Disputes.get(ctx, id)?.status.type !== 'Open' || CountedFrom.has(ctx, id)) return;
  CountedFrom.put(ctx, id, ctx.now);
};

/**
 * A standstill prolongs the windows of votes from now on. One from before, under rules that gave no time back, must not: it would open
 * a window again in whose votes others have trusted as closed, and have shown theirs.
 */
export const standstillsBefore: Migration = {
  from: 0,
  step: eachKey(Disputes.prefix, weightOf(20, 3), countFromHere),
};
