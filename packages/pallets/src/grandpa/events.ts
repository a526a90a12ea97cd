import { defineEvents } from '@hamster/frame';
import { at } from '@hamster/scale';
import { AuthorityList } from './types.ts';

export const events = defineEvents('Grandpa', {
  NewAuthorities: at(0, { authority_set: AuthorityList }, ['New authority set has been applied.']),
});
