import { bytesEqual, type Context, DispatchFailure, ensure } from '@hamster/frame';
import { CurrentSlot, SlotDuration } from './storage.ts';
import { AURA_ENGINE, type DigestOf, Slot } from './types.ts';

/** Notes the slot that the block's author claims; 0, which was in 1970, where the block names none. */
export const noteSlot = (ctx: Context, digest: DigestOf): void => {
  const item = digest(ctx).find(
    (each) => each.type === 'PreRuntime' && bytesEqual(each.value[0], AURA_ENGINE),
  );
  if (item?.type === 'PreRuntime') CurrentSlot.put(ctx, Slot.decode(item.value[1]));
  else CurrentSlot.remove(ctx);
};

/** A block's time lies in the slot that its author claims. @throws DispatchFailure */
export const ensureTimeInSlot = (ctx: Context, now: bigint): void => {
  const slot = CurrentSlot.get(ctx);
  const duration = SlotDuration.get(ctx);
  ensure(
    slot === 0n || duration === undefined || now / duration === slot,
    () => new DispatchFailure({ type: 'Other' }, 'Timestamp slot must match `CurrentSlot`'),
  );
};
