import type { Context } from './context.ts';
import type { PalletDefinition } from './pallet.ts';
import { StorageVersion } from './storage-version.ts';
import { keysUnder } from './storage/map.ts';
import type { Weight } from './types/weight.ts';
import type { WeightMeter } from './weight-meter.ts';

/** How far a migration has come: the key behind which it goes on. */
export type MigrationCursor = Uint8Array;

/** One part of a migration, from behind `cursor` for as long as the meter allows. Gives where it stopped; undefined at its end. */
export type MigrationStep = (
  ctx: Context,
  cursor: MigrationCursor | undefined,
  meter: WeightMeter,
) => MigrationCursor | undefined;

/**
 * Brings a pallet's storage from version `from` to the next one, in as many blocks as it takes. A newer release may take over in
 * between and begin anew, so what is in the new shape already has to be left as it is.
 */
export interface Migration {
  readonly from: number;
  readonly step: MigrationStep;
}

export interface PalletMigration extends Migration {
  readonly pallet: string;
}

/** All migrations that these rules know, in the order in which they run. */
export const migrationsOf = (pallets: readonly PalletDefinition[]): readonly PalletMigration[] =>
  pallets.flatMap(({ name, migrations = [] }) =>
    migrations.map((migration) => ({ ...migration, pallet: name })),
  );

/** Those that this state still needs. */
export const isPending = (ctx: Pick<Context, 'state'>, { pallet, from }: PalletMigration): boolean =>
  StorageVersion.get(ctx, pallet) === from;

/** All of a new chain's storage is in today's shape. */
export const writeStorageVersions = (
  ctx: Pick<Context, 'state'>,
  pallets: readonly PalletDefinition[],
): void => {
  for (const { name, storageVersion = 0 } of pallets) StorageVersion.put(ctx, name, storageVersion);
};

/** A step that does something to each key under a prefix; `weight` is what one of them costs. `last` is the key before. */
export const eachKey =
  (
    prefix: Uint8Array,
    weight: Weight,
    translate: (ctx: Context, key: Uint8Array, last: Uint8Array) => void,
  ): MigrationStep =>
  (ctx, cursor = prefix, meter) => {
    let last = cursor;
    for (const key of keysUnder(ctx.state, prefix, cursor)) {
      if (!meter.tryConsume(weight)) return last;
      translate(ctx, key, last);
      last = key;
    }
    return undefined;
  };
