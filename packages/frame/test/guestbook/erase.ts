import { u64 } from '@hamster/scale';
import { bytesEqual, defineCall, ensure, ensureSigned, orFail } from '../../src/index.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { Entries } from './storage.ts';

export const erase = defineCall({
  index: 1,
  docs: ['Erases an entry of the signer.'],
  args: { entry: u64 },
  dispatch(ctx, origin, { entry }) {
    const who = ensureSigned(origin);
    const { author } = orFail(Entries.get(ctx, entry), errors.EntryNotFound);
    ensure(bytesEqual(author, who), errors.NotAuthor);

    Entries.remove(ctx, entry);
    ctx.deposit(events.Erased({ entry }));
  },
});
