import { defineCall, DispatchFailure, ensure, ensureNone, weightOf } from '@hamster/frame';
import { compact, u64 } from '@hamster/scale';
import type { TimestampConfig } from './config.ts';
import { noteStandstill } from './standstill.ts';
import { DidUpdate, Now } from './storage.ts';

// Substrate panics here. The call is mandatory, so a failure makes the extrinsic impossible to include all the same.
const refuse = (message: string) => () => new DispatchFailure({ type: 'Other' }, message);

export const set = ({ ensureAllowed, standstillAfter }: TimestampConfig) =>
  defineCall({
    index: 0,
    docs: ['Set the current time, in ms. Once in a block, and later than in the block before.'],
    class: 'Mandatory',
    args: { now: compact(u64) },
    weight: () => weightOf(10, 2),
    dispatch(ctx, origin, { now }) {
      ensureNone(origin);
      ensure(!DidUpdate.get(ctx), refuse('Timestamp must be updated only once in the block'));
      const last = Now.get(ctx);
      ensure(now > last, refuse('Timestamp must increase from block to block'));
      ensureAllowed?.(ctx, now);

      noteStandstill(ctx, standstillAfter(ctx), { from: last, to: now });
      Now.put(ctx, now);
      DidUpdate.put(ctx, true);
    },
  });
