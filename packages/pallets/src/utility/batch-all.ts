import { defineCall, DispatchError, DispatchFailure } from '@hamster/frame';
import { vec } from '@hamster/scale';
import { batchWeight, ensureBatch } from './batching.ts';
import type { UtilityConfig } from './config.ts';
import { events } from './events.ts';

const passOn = (error: DispatchError): DispatchFailure =>
  new DispatchFailure({ type: 'Encoded', bytes: DispatchError.encode(error) }, 'A call of the batch failed');

export const batchAll = (config: UtilityConfig) =>
  defineCall({
    index: 2,
    docs: ['Send a batch of dispatch calls and atomically execute them: all of them, or none.'],
    args: { calls: vec(config.call) },
    weight: ({ calls }) => batchWeight(config, calls),
    dispatch(ctx, origin, { calls }) {
      ensureBatch(origin, calls);
      for (const call of calls) {
        const result = config.dispatch(ctx, origin, call);
        if (!result.ok) throw passOn(result.error);
        ctx.deposit(events.ItemCompleted());
      }
      ctx.deposit(events.BatchCompleted());
    },
  });
