import { palletStorage } from '@hamster/frame';
import { bool, u64, vec } from '@hamster/scale';
import { Span } from '../primitives/silence.ts';

/** So many standstills are remembered: whoever was silent since before the oldest has missed blocks besides. */
export const MAX_STANDSTILLS = 8;

const { value } = palletStorage('Timestamp');

export const Now = value('Now', {
  type: u64,
  default: 0n,
  docs: ['The current time for the current block.'],
});

export const DidUpdate = value('DidUpdate', {
  type: bool,
  default: false,
  docs: ['Whether the timestamp has been updated in this block.'],
});

/** Times without a block, the latest ones. */
export const Standstills = value('Standstills', {
  type: vec(Span, { max: MAX_STANDSTILLS }),
  default: [],
  docs: [
    'When the chain stood still: the last times between two blocks that are too far apart to be one after the other.',
  ],
});
