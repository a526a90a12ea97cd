import { documented, u64 } from '@hamster/scale';
import { AccountId, defineEvents } from '../../src/index.ts';

export const events = defineEvents('Guestbook', {
  Written: documented('A guest wrote an entry.', { entry: u64, author: AccountId }),
  Erased: documented('An author erased an entry.', { entry: u64 }),
  Faded: documented('An entry reached its end.', { entry: u64 }),
});
