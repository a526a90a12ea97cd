import {
  type Composition,
  InvariantBroken,
  type Readable,
  StorageVersion,
  type StateAccess,
  WeightMeter,
} from '@hamster/frame';
import {
  advanceMigrations,
  beginMigrations,
  BlockDigest,
  chargeMandatory,
  isMigrating,
  LastRuntimeUpgrade,
  systemEvents,
} from '@hamster/pallets';
import { BLOCK_WEIGHTS, MIGRATIONS_BUDGET } from '../constants.ts';
import { OLDEST_RULES, OLDEST_STATE } from '../version.ts';
import { InvalidBlock } from './errors.ts';
import type { ExecutiveParts } from './parts.ts';

const isMarked = (state: StateAccess): boolean =>
  BlockDigest.get({ state }).logs.some(({ type }) => type === 'RuntimeEnvironmentUpdated');

const ensureKnown = (parts: ExecutiveParts, specVersion: number, marked: boolean): void => {
  if (marked && specVersion >= parts.version.specVersion) {
    throw new InvalidBlock(
      `Rules newer than version ${specVersion} begin with this block: they are not here`,
    );
  }
  if (specVersion < (marked ? OLDEST_STATE : OLDEST_RULES)) {
    throw new InvalidBlock(`The rules of version ${specVersion}, which are in force, are not here any more`);
  }
};

/**
 * Puts these rules into force in the open block, if its header says that they begin with it, and has the state brought
 * into their shape. @throws InvalidBlock
 */
export const upgradeIfMarked = (parts: ExecutiveParts, state: StateAccess): void => {
  const { composition, version, code } = parts;
  const at = { state };
  const marked = isMarked(state);
  ensureKnown(parts, LastRuntimeUpgrade.get(at)?.spec_version ?? (marked ? 0 : version.specVersion), marked);
  if (!marked) return;
  for (const [key, value] of code()) state.put(key, value);
  LastRuntimeUpgrade.put(at, { spec_version: version.specVersion, spec_name: version.specName });
  const ctx = composition.context(state);
  ctx.deposit(systemEvents.CodeUpdated());
  beginMigrations(ctx, composition.migrations);
};

/** Does this block's part of the migrations. One that does not get to the end of them has no room for anything else. */
export const migrate = ({ composition }: ExecutiveParts, state: StateAccess): void => {
  const at = { state };
  if (!isMigrating(at)) return;
  const meter = new WeightMeter(MIGRATIONS_BUDGET);
  advanceMigrations(composition.context(state), composition.migrations, meter);
  chargeMandatory(at, isMigrating(at) ? BLOCK_WEIGHTS.max_block : meter.consumed);
};

/** The first pallet whose storage is not in today's shape, if there is one. */
export const outdatedPallet = ({ pallets }: Pick<Composition, 'pallets'>, at: Readable): string | undefined =>
  pallets.find(({ name, storageVersion = 0 }) => StorageVersion.get(at, name) !== storageVersion)?.name;

/** Unless migrations are under way, everything is in today's shape. @throws InvariantBroken */
export const ensureMigrated = ({ composition }: ExecutiveParts, state: StateAccess): void => {
  const at = { state };
  const outdated = isMigrating(at) ? undefined : outdatedPallet(composition, at);
  if (outdated === undefined) return;
  const version = StorageVersion.get(at, outdated);
  throw new InvariantBroken(`${outdated} is stored in version ${version}, which is not that of these rules`);
};
