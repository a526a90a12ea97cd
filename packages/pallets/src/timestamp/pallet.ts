import { constant, definePallet } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import type { TimestampConfig } from './config.ts';
import { set } from './set.ts';
import { DidUpdate, Now, Standstills } from './storage.ts';
import { tryState } from './try-state.ts';

export const timestampPallet = (config: TimestampConfig) =>
  definePallet({
    name: 'Timestamp',
    index: 1,
    docs: ['The time of the block.'],
    storage: [Now, DidUpdate, Standstills],
    calls: { set: set(config) },
    constants: {
      MinimumPeriod: constant(
        u64,
        config.minimumPeriod,
        'Half of the expected time between two blocks, in ms.',
      ),
    },
    associatedTypes: {
      Moment: { type: u64, docs: ['A point in time: ms since the beginning of 1970, UTC.'] },
    },
    hooks: { onFinalize: (ctx) => DidUpdate.remove(ctx) },
    tryState,
  });
