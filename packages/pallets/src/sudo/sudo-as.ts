import { addWeights, cannotLookup, defineCall, MultiAddress, signedBy, weightOf } from '@hamster/frame';
import { ensureSudo } from './access.ts';
import type { SudoConfig } from './config.ts';
import { events } from './events.ts';
import { outcomeOf } from './outcome.ts';

export const sudoAs = ({ call, dispatch, infoOf }: SudoConfig) =>
  defineCall({
    index: 3,
    docs: [
      'Authenticates the sudo key and dispatches a function call with `Signed` origin from a given account.',
    ],
    args: { who: MultiAddress, call },
    weight: ({ call: inner }) => addWeights(weightOf(10, 1), infoOf(inner).weight),
    dispatch(ctx, origin, { who, call: inner }) {
      ensureSudo(ctx, origin);
      if (who.type !== 'Id') throw cannotLookup();

      ctx.deposit(events.SudoAsDone({ sudo_result: outcomeOf(dispatch(ctx, signedBy(who.value), inner)) }));
      return { paysFee: false };
    },
  });
