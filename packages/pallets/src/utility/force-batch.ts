import { defineCall } from '@hamster/frame';
import { vec } from '@hamster/scale';
import { batchCost, dispatchEach } from './batching.ts';
import type { UtilityConfig } from './config.ts';
import { events } from './events.ts';

export const forceBatch = (config: UtilityConfig) =>
  defineCall({
    index: 4,
    docs: ['Send a batch of dispatch calls. Unlike `batch`, it allows errors and won’t interrupt.'],
    args: { calls: vec(config.call) },
    cost: ({ calls }) => batchCost(config, calls),
    *dispatch(ctx, origin, { calls }) {
      let failed = false;
      const post = yield* dispatchEach(config, ctx, origin, calls, ({ result }) => {
        failed ||= !result.ok;
        ctx.deposit(result.ok ? events.ItemCompleted() : events.ItemFailed({ error: result.error }));
        return true;
      });
      ctx.deposit(failed ? events.BatchCompletedWithErrors() : events.BatchCompleted());
      return post;
    },
  });
