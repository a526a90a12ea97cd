import { bytes } from '@hamster/scale';
import { defineCall, ensure, ensureSigned } from '../../src/index.ts';
import type { GuestbookConfig } from './config.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { Agenda, Entries, Lifetime, NextId } from './storage.ts';

export const write = ({ charge }: GuestbookConfig) =>
  defineCall({
    index: 0,
    docs: ['Writes an entry. It fades after a while.'],
    args: { text: bytes },
    dispatch(ctx, origin, { text }) {
      const author = ensureSigned(origin);
      ensure(text.length > 0, errors.Empty);
      charge(ctx, author);

      const entry = NextId.get(ctx);
      NextId.put(ctx, entry + 1n);
      Entries.put(ctx, entry, { author, text, written_at: ctx.now });
      Agenda.schedule(ctx, ctx.now + Lifetime.get(ctx), { type: 'Fade', value: { entry } });
      ctx.deposit(events.Written({ entry, author }));
    },
  });
