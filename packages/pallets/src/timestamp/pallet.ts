import { constant, definePallet } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import { set } from './set.ts';
import { DidUpdate, Now } from './storage.ts';

export interface TimestampConfig {
  /** Half of the expected time between blocks, in ms: clients take the pace of the chain from it. */
  readonly minimumPeriod: bigint;
}

export const timestampPallet = ({ minimumPeriod }: TimestampConfig) =>
  definePallet({
    name: 'Timestamp',
    index: 1,
    docs: ['The time of the block.'],
    storage: [Now, DidUpdate],
    calls: { set },
    constants: {
      MinimumPeriod: constant(u64, minimumPeriod, 'Half of the expected time between two blocks, in ms.'),
    },
    associatedTypes: {
      Moment: { type: u64, docs: ['A point in time: ms since the beginning of 1970, UTC.'] },
    },
    hooks: { onFinalize: (ctx) => DidUpdate.remove(ctx) },
  });
