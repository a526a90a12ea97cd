import { palletStorage } from '@hamster/frame';
import { u64 } from '@hamster/scale';
import { AuthorityList } from './types.ts';

const { value } = palletStorage('Grandpa');

export const Authorities = value('Authorities', {
  type: AuthorityList,
  default: [],
  docs: ['The current list of authorities: whose votes make a block final.'],
});

export const CurrentSetId = value('CurrentSetId', {
  type: u64,
  default: 0n,
  docs: ['The number of changes to the authority set so far.'],
});
