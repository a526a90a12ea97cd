import { defineCall } from '@hamster/frame';
import { vec } from '@hamster/scale';
import { batchCost, dispatchEach } from './batching.ts';
import type { UtilityConfig } from './config.ts';
import { events } from './events.ts';

export const batch = (config: UtilityConfig) =>
  defineCall({
    index: 0,
    docs: ['Send a batch of dispatch calls. Stops at the first that fails; those before it stay.'],
    args: { calls: vec(config.call) },
    cost: ({ calls }) => batchCost(config, calls),
    *dispatch(ctx, origin, { calls }) {
      let isWhole = true;
      const post = yield* dispatchEach(config, ctx, origin, calls, ({ index, result }) => {
        isWhole = result.ok;
        ctx.deposit(
          result.ok ? events.ItemCompleted() : events.BatchInterrupted({ index, error: result.error }),
        );
        return isWhole;
      });
      if (isWhole) ctx.deposit(events.BatchCompleted());
      return post;
    },
  });
