import { type Infer, struct, u64, variant } from '@hamster/scale';
import { boundedBytes } from '@hamster/scale';
import { AccountId } from '../../src/index.ts';

export const Entry = struct('guestbook::Entry', {
  author: AccountId,
  text: boundedBytes(64),
  written_at: u64,
});
export type Entry = Infer<typeof Entry>;

/** What the agenda does when its time has come. */
export const Task = variant('guestbook::Task', { Fade: { entry: u64 } });
