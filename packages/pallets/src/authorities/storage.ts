import { palletStorage } from '@hamster/frame';
import { u32 } from '@hamster/scale';
import { AuthorityKeys } from './types.ts';

const { value } = palletStorage('Authorities');

export const CurrentIndex = value('CurrentIndex', {
  type: u32,
  default: 0,
  docs: ['Current index of the session.'],
});

export const QueuedKeys = value('QueuedKeys', {
  type: AuthorityKeys,
  docs: ['The keys of the next session, where one is scheduled: it begins with the next block.'],
});
