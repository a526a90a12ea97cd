import { cannotLookup, defineCall, MultiAddress, passes, signedBy } from '@hamster/frame';
import { boxed } from '@hamster/scale';
import { ensureSudo } from './access.ts';
import type { SudoConfig } from './config.ts';
import { costOf } from './cost.ts';
import { events } from './events.ts';
import { outcomeOf } from './outcome.ts';

export const sudoAs = (config: SudoConfig) =>
  defineCall({
    index: 3,
    docs: [
      'Authenticates the sudo key and dispatches a function call with `Signed` origin from a given account.',
    ],
    args: { who: MultiAddress, call: boxed(config.call, 'RuntimeCall') },
    cost: ({ call: inner }) => costOf(config, inner),
    isUrgent: (ctx, origin) => passes(() => ensureSudo(ctx, origin)),
    *dispatch(ctx, origin, { who, call: inner }) {
      ensureSudo(ctx, origin);
      if (who.type !== 'Id') throw cannotLookup();
      const result = yield* config.dispatchInSteps(ctx, signedBy(who.value), inner);
      ctx.deposit(events.SudoAsDone({ sudo_result: outcomeOf(result) }));
      return { paysFee: false };
    },
  });
