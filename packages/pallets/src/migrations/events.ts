import { defineEvents } from '@hamster/frame';
import { at, u32 } from '@hamster/scale';

export const events = defineEvents('MultiBlockMigrations', {
  UpgradeStarted: at(0, { migrations: u32 }, [
    'A runtime upgrade started: so many migrations have to be made.',
  ]),
  UpgradeCompleted: at(1, null, ['The runtime upgrade is done: all of the state is in its new shape.']),
  MigrationAdvanced: at(4, { index: u32, took: u32 }, [
    'A migration goes on in the next block; `took` is how many blocks it has had before this one.',
  ]),
  MigrationCompleted: at(5, { index: u32, took: u32 }, [
    'A migration is done; `took` is how many blocks it has had before this one.',
  ]),
});
