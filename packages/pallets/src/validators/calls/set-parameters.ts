import { defineCall, ensure, ensureRoot } from '@hamster/frame';

import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { areParametersSound } from '../parameters.ts';
import { Parameters } from '../storage.ts';
import { Parameters as ParametersType } from '../types.ts';

export const setParameters = defineCall({
  index: 4,
  docs: ['Change the numbers of the rules. Root only.'],
  args: { parameters: ParametersType },
  class: 'Operational',
  dispatch(ctx, origin, { parameters }) {
    ensureRoot(origin);
    ensure(areParametersSound(parameters), errors.InvalidParameters);
    Parameters.put(ctx, parameters);
    ctx.deposit(events.ParametersSet());
  },
});
