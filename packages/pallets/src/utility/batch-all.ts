import { defineCall, DispatchError, DispatchFailure, filtered, type PostDispatch } from '@hamster/frame';
import { vec } from '@hamster/scale';
import { batchCost, dispatchEach } from './batching.ts';
import type { UtilityConfig } from './config.ts';
import { events } from './events.ts';

const passOn = (error: DispatchError, post: PostDispatch): DispatchFailure =>
  new DispatchFailure(
    { type: 'Encoded', bytes: DispatchError.encode(error) },
    'A call of the batch failed',
    post,
  );

export const batchAll = (config: UtilityConfig) =>
  defineCall({
    index: 2,
    docs: [
      'Send a batch of dispatch calls and atomically execute them: all of them, or none. Inside of it there is no other',
      '`batch_all`, at any depth, but for root.',
    ],
    args: { calls: vec(config.call) },
    cost: ({ calls }) => batchCost(config, calls),
    *dispatch(ctx, origin, { calls }) {
      const inside = filtered(origin, ({ type, value }) => type !== 'Utility' || value.type !== 'batch_all');
      const whole = yield* dispatchEach(config, ctx, inside, calls, ({ result, post }) => {
        if (!result.ok) throw passOn(result.error, post);
        ctx.deposit(events.ItemCompleted());
        return true;
      });
      ctx.deposit(events.BatchCompleted());
      return whole;
    },
  });
