import { palletStorage } from '@hamster/frame';
import { ActiveCursor } from './types.ts';

const { value } = palletStorage('MultiBlockMigrations');

export const Cursor = value('Cursor', {
  type: ActiveCursor,
  docs: ['The migration that is under way. Until it is done, blocks have no transactions.'],
});
