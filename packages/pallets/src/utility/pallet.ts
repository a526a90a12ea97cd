import { constant, definePallet } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import { batchAll } from './batch-all.ts';
import { batch } from './batch.ts';
import { BATCHED_CALLS_LIMIT } from './batching.ts';
import type { UtilityConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { forceBatch } from './force-batch.ts';

export const utilityPallet = (config: UtilityConfig) =>
  definePallet({
    name: 'Utility',
    index: 4,
    docs: ['Several calls in one transaction.'],
    calls: { batch: batch(config), batch_all: batchAll(config), force_batch: forceBatch(config) },
    events,
    errors,
    constants: {
      batched_calls_limit: constant(u32, BATCHED_CALLS_LIMIT, 'The limit on the number of batched calls.'),
    },
  });
