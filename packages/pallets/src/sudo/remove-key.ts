import { defineCall } from '@hamster/frame';
import { ensureSudo } from './access.ts';
import { events } from './events.ts';
import { Key } from './storage.ts';

export const removeKey = defineCall({
  index: 4,
  docs: ['Permanently removes the sudo key.', '', '**This cannot be un-done: from then on nobody is root.**'],
  args: {},
  dispatch(ctx, origin) {
    ensureSudo(ctx, origin);
    Key.remove(ctx);
    ctx.deposit(events.KeyRemoved());
    return { paysFee: false };
  },
});
