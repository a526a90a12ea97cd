import { defineCall, passes, ROOT } from '@hamster/frame';
import { boxed } from '@hamster/scale';
import { ensureSudo } from './access.ts';
import type { SudoConfig } from './config.ts';
import { costOf } from './cost.ts';
import { events } from './events.ts';
import { outcomeOf } from './outcome.ts';

export const sudo = (config: SudoConfig) =>
  defineCall({
    index: 0,
    docs: ['Authenticates the sudo key and dispatches a function call with `Root` origin.'],
    args: { call: boxed(config.call, 'RuntimeCall') },
    cost: ({ call: inner }) => costOf(config, inner),
    isUrgent: (ctx, origin) => passes(() => ensureSudo(ctx, origin)),
    *dispatch(ctx, origin, { call: inner }) {
      ensureSudo(ctx, origin);
      const result = yield* config.dispatchInSteps(ctx, ROOT, inner);
      ctx.deposit(events.Sudid({ sudo_result: outcomeOf(result) }));
      return { paysFee: false };
    },
  });
