import { definePallet } from '@hamster/frame';
import { events } from './events.ts';
import { Cursor } from './storage.ts';

export { advanceMigrations, beginMigrations, isMigrating } from './advance.ts';

/** Brings the state into the shape of newer rules. Its work is done by the executive, in the opening of a block. */
export const migrationsPallet = () =>
  definePallet({
    name: 'MultiBlockMigrations',
    index: 17,
    docs: ['Brings the state into the shape of newer rules, in as many blocks as it takes.'],
    storage: [Cursor],
    events,
  });
