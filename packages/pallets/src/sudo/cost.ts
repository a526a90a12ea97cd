import { addWeights, type CallCost, type RuntimeCall, weightOf } from '@hamster/frame';
import type { SudoConfig } from './config.ts';

/** A little more than the call inside. Never mandatory: that is for what the author of a block puts into it. */
export const costOf = ({ infoOf }: SudoConfig, inner: RuntimeCall): CallCost => {
  const { weight, class: of } = infoOf(inner);
  return {
    weight: addWeights(weightOf(30, 2), weight),
    class: of.type === 'Operational' ? 'Operational' : 'Normal',
  };
};
