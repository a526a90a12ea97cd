import { constant, type Context, definePallet, ensureInvariant, weightOf } from '../../src/index.ts';
import { u32 } from '@hamster/scale';
import type { GuestbookConfig } from './config.ts';
import { erase } from './erase.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { Agenda, Entries, Lifetime, NextId } from './storage.ts';
import { write } from './write.ts';

const DUE_PER_BLOCK = 2;
const FADE_WEIGHT = weightOf(20, 4);

const fade = (ctx: Context, entry: bigint): void => {
  if (!Entries.has(ctx, entry)) return;
  Entries.remove(ctx, entry);
  ctx.deposit(events.Faded({ entry }));
};

export const guestbook = (config: GuestbookConfig) =>
  definePallet({
    name: 'Guestbook',
    index: 20,
    docs: ['Entries of guests, which fade.'],
    storage: [Entries, NextId, Lifetime, ...Agenda.storage],
    calls: { write: write(config), erase },
    events,
    errors,
    constants: { DuePerBlock: constant(u32, DUE_PER_BLOCK, 'Most entries that fade in one block.') },
    hooks: {
      onPoll: (ctx, meter) =>
        Agenda.runDue(ctx, meter, {
          weight: FADE_WEIGHT,
          most: DUE_PER_BLOCK,
          nameOf: ({ type, value: { entry } }) => `${type} of ${entry}`,
          run: ({ value: { entry } }) => fade(ctx, entry),
        }),
    },
    genesis: (ctx, config) => Lifetime.put(ctx, config.field('lifetime').bigint(3_600_000n)),
    tryState(ctx) {
      for (const [id] of Entries.entries(ctx))
        ensureInvariant(id < NextId.get(ctx), `Entry ${id} has no number yet`);
    },
  });
