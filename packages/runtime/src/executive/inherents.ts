import { invalid, type Readable, type StateAccess, WeightMeter } from '@hamster/frame';
import { chargeMandatory, DidUpdate, enterHooks, InherentsApplied, isMigrating } from '@hamster/pallets';
import { HOOKS_BUDGET } from '../constants.ts';
import type { ExecutiveParts } from './parts.ts';

/** Before the block's time is known, nothing else may happen in it. @throws InvalidTransaction MandatoryValidation */
export const ensureInherentsApplied = (at: Readable): void => {
  if (!InherentsApplied.get(at)) throw invalid('MandatoryValidation', 'the block’s time has to be set first');
};

/** Once the time is set: what is due at that time, before any transaction. Nothing is, as long as the state is between two shapes. */
export function* afterInherent(parts: ExecutiveParts, state: StateAccess): Generator<void> {
  const at = { state };
  if (InherentsApplied.get(at) || !DidUpdate.get(at)) return;
  InherentsApplied.put(at, true);
  if (isMigrating(at)) return;
  enterHooks(at);
  const meter = new WeightMeter(HOOKS_BUDGET);
  yield* parts.composition.hooks.onPoll(parts.composition.context(state), meter);
  chargeMandatory(at, meter.consumed);
}
