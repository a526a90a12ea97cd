import type { AccountId, Context } from '../../src/index.ts';

/** What the guestbook needs of the rest of the runtime. */
export interface GuestbookConfig {
  /** Throws a dispatch failure when the author can't pay. */
  readonly charge: (ctx: Context, author: AccountId) => void;
}
