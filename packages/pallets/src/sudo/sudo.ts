import { addWeights, defineCall, ROOT, weightOf } from '@hamster/frame';
import { ensureSudo } from './access.ts';
import type { SudoConfig } from './config.ts';
import { events } from './events.ts';
import { outcomeOf } from './outcome.ts';

export const sudo = ({ call, dispatch, infoOf }: SudoConfig) =>
  defineCall({
    index: 0,
    docs: ['Authenticates the sudo key and dispatches a function call with `Root` origin.'],
    args: { call },
    weight: ({ call: inner }) => addWeights(weightOf(10, 1), infoOf(inner).weight),
    dispatch(ctx, origin, { call: inner }) {
      ensureSudo(ctx, origin);
      ctx.deposit(events.Sudid({ sudo_result: outcomeOf(dispatch(ctx, ROOT, inner)) }));
      return { paysFee: false };
    },
  });
