import type { Composition, Readable } from '@hamster/frame';
import { isMigrating } from '@hamster/pallets';
import { outdatedPallet } from '../executive/upgrade.ts';

/** The question is about what the state does not have in the shape of these rules. Nobody's fault: another block can answer. */
export class StateInOtherShape extends Error {
  override readonly name = 'StateInOtherShape';
  readonly code = 'STATE_IN_OTHER_SHAPE';
}

/** @throws StateInOtherShape for a state from before a migration, or from the middle of one */
export const ensureReadable = (
  { composition }: { readonly composition: Pick<Composition, 'pallets'> },
  at: Readable,
  method: string,
): void => {
  if (isMigrating(at)) {
    throw new StateInOtherShape(
      `${method} cannot read this block: its state is on the way into the shape of newer rules; ask for a later block`,
    );
  }
  const outdated = outdatedPallet(composition, at);
  if (outdated === undefined) return;
  throw new StateInOtherShape(
    `${method} cannot read this block: ${outdated} is stored there as older rules did; ask for a block since the upgrade, or ` +
      'a node with the release of that time',
  );
};
