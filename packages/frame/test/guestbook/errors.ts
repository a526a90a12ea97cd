import { defineErrors } from '../../src/index.ts';

export const errors = defineErrors('Guestbook', {
  Empty: 'An entry needs text.',
  EntryNotFound: 'No entry has this id.',
  NotAuthor: 'Only the author of an entry may erase it.',
});
