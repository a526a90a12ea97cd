import { type BlockStart, type StateAccess, WeightMeter } from '@hamster/frame';
import {
  chargeMandatory,
  closeBlock,
  enterFinalization,
  InherentsApplied,
  openBlock,
} from '@hamster/pallets';
import { BLOCK_WEIGHTS, HOOKS_BUDGET } from '../constants.ts';
import { InvalidBlock } from './errors.ts';
import type { ExecutiveParts } from './parts.ts';
import { migrate, upgradeIfMarked } from './upgrade.ts';

/** @throws InvalidBlock when it is to begin with other rules than these; and what a migration throws that cannot be made */
export const initializeBlock = (parts: ExecutiveParts, state: StateAccess, start: BlockStart): void => {
  const { composition } = parts;
  openBlock({ state }, start);
  upgradeIfMarked(parts, state);
  chargeMandatory({ state }, BLOCK_WEIGHTS.base_block);
  migrate(parts, state);
  const meter = new WeightMeter(HOOKS_BUDGET);
  composition.hooks.onInitialize(composition.context(state), meter);
  chargeMandatory({ state }, meter.consumed);
};

/** @throws InvalidBlock when the author set no time */
export const finalizeBlock = ({ composition }: ExecutiveParts, state: StateAccess) => {
  if (!InherentsApplied.get({ state })) {
    throw new InvalidBlock('The block has no timestamp: its first extrinsic has to be Timestamp.set');
  }
  enterFinalization({ state });
  composition.hooks.onFinalize(composition.context(state));
  return { digest: closeBlock({ state }) };
};
