import { palletStorage } from '@hamster/frame';
import { bool, u64 } from '@hamster/scale';

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
